import { matchSkeleton } from '../domain/match-skeleton.ts';
import type { Skeleton } from '../domain/skeleton.ts';
import type { Aligner } from './aligner.ts';
import { oneFill, withInstance, withOther, type DistinctFills } from './distinct-fills.ts';
import { isSamePrompt, isTemplate } from './prompt-family.ts';

/** A more general skeleton that a named task's baseline may turn out to have: where instructions seem to be filled in. */
export interface Widening {
  readonly skeleton: Skeleton;
  /** Whether most of the text is the same, or only as much as a template may have. */
  readonly isLike: boolean;
  readonly fills: DistinctFills;
  /** How often the baseline as it is known came again after prompts that need the wider one. */
  readonly returns: number;
  /** How often the baseline has come since a prompt last needed the wider one. */
  readonly idleFor: number;
}

/** Different fills, the baseline's own among them, that show a place to be a slot. */
export const wideningFills = 5;

/**
 * Returns that show it for a task whose prompt has not settled, for two prompts that are alike and for others. A prompt
 * that gave way to another one does not come back, so what alternates is filled in.
 */
const returnsOfLike = 1;
const returnsOfUnlike = 3;

/** Requests without need of it after which a widening is forgotten: single experiments of months make no slot. */
const idleMax = 1_000;

/** What a prompt that is no instance of the baseline adds; `undefined` where the two have too little in common. */
export function widen(
  widening: Widening | undefined,
  current: Skeleton,
  prompt: string,
  aligner: Pick<Aligner, 'compare'>,
): Widening | undefined {
  if (widening !== undefined && matchSkeleton(widening.skeleton, prompt) !== undefined)
    return {
      ...widening,
      fills: withInstance(widening.fills, widening.skeleton, prompt),
      idleFor: 0,
    };
  const difference = aligner.compare(widening?.skeleton ?? current, prompt);
  if (difference === undefined) return widening;
  const isLike = isSamePrompt(difference);
  if (!isLike && (widening !== undefined || !isTemplate(difference))) return widening;
  return {
    skeleton: difference.skeleton,
    isLike: isLike && (widening?.isLike ?? true),
    fills: withOther(widening?.fills ?? oneFill, difference.skeleton, prompt),
    returns: widening?.returns ?? 0,
    idleFor: 0,
  };
}

/** The baseline itself has come again; `undefined` where it alone has come for long. */
export function withReturn(widening: Widening): Widening | undefined {
  const { returns, idleFor } = widening;
  if (idleFor >= idleMax) return undefined;
  return { ...widening, returns: idleFor === 0 ? returns + 1 : returns, idleFor: idleFor + 1 };
}

/** Whether enough has been seen for the wider skeleton to be the baseline's. */
export function isShown({ fills, returns, isLike }: Widening, isSettled: boolean): boolean {
  if (fills.count >= wideningFills) return true;
  return !isSettled && returns >= (isLike ? returnsOfLike : returnsOfUnlike);
}
