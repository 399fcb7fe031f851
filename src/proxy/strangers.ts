import type { Skeleton } from '../domain/skeleton.ts';
import type { Baseline } from '../domain/task.ts';
import { fixedLength, type Aligner } from './aligner.ts';
import { isOpen } from './distinct-fills.ts';
import { sightPrompt, type PromptFamily } from './prompt-family.ts';
import { isSettled } from './stored-baseline.ts';
import { isShown, widen, wideningFills, withReturn, type Widening } from './widening.ts';

/** Requests in a row with one new prompt, the old one not once among them, after which it is the task's baseline. */
export const newPromptSightings = 5;

/** The same for prompts that differ from one another in too few ways to tell what is filled in. */
export const unclearPromptSightings = 20;

/**
 * The same for a prompt that was the baseline before. Many more, and twice as many each time that one has come back, so
 * that a slow rollout, during which both prompts are sent, moves the baseline once and not to and fro: through one proxy
 * as through several, each of which may see one prompt only.
 */
export const returningPromptSightings = 50;

/** What prompts that are no instances of a task's baseline turn out to be. */
export type StrangerNews =
  /** The baseline's own: what differs is filled in. */
  | { readonly kind: 'wider'; readonly skeleton: Skeleton }
  /** The next version. */
  | { readonly kind: 'next'; readonly skeleton: Skeleton; readonly stableFor: number };

/** Prompts that come under a task's name, but differ from its baseline in their instructions. */
export interface Strangers {
  /** `comebacks`: how often a former baseline has come back, where the prompt is one; `null`: it is new. */
  readonly meet: (prompt: string, current: Baseline, comebacks: number | null) => StrangerNews | undefined;
  /** The baseline has come again; its wider skeleton, where that shows what differs to be filled in. */
  readonly interrupt: (current: Baseline) => Skeleton | undefined;
  readonly forget: () => void;
  /** Characters that are remembered. */
  readonly size: () => number;
}

/** Has met none. */
export function createStrangers(aligner: Pick<Aligner, 'compare'>): Strangers {
  let families: readonly PromptFamily[] = [];
  let widening: Widening | undefined;
  return {
    meet: (prompt, current, comebacks) => {
      if (comebacks === null) widening = widen(widening, current.skeleton, prompt, aligner);
      if (widening !== undefined && isShown(widening, isSettled(current)))
        return { kind: 'wider', skeleton: widening.skeleton };
      const sighted = sightPrompt(families, prompt, aligner);
      if (sighted === undefined) return undefined;
      families = sighted;
      const [{ skeleton, stableFor, sightings }] = sighted;
      return sightings < sightingsNeeded(sighted[0], comebacks)
        ? undefined
        : { kind: 'next', skeleton, stableFor };
    },
    interrupt: (current) => {
      families = [];
      widening &&= withReturn(widening);
      return widening !== undefined && isShown(widening, isSettled(current)) ? widening.skeleton : undefined;
    },
    forget: () => {
      families = [];
      widening = undefined;
    },
    size: () =>
      families.reduce(
        (sum, { skeleton }) => sum + fixedLength(skeleton),
        widening === undefined ? 0 : fixedLength(widening.skeleton),
      ),
  };
}

function sightingsNeeded({ skeleton, fills }: PromptFamily, comebacks: number | null): number {
  if (comebacks !== null) return returningPromptSightings * 2 ** comebacks;
  return isOpen(skeleton) && fills.count < wideningFills - 1 ? unclearPromptSightings : newPromptSightings;
}
