import type { Difference } from '../domain/compare-skeletons.ts';
import {
  fixedShareMin,
  fixedWordsMin,
  hasFixedWords,
  templateWordsMin,
} from '../domain/generalise-skeleton.ts';
import { matchSkeleton } from '../domain/match-skeleton.ts';
import { literalSkeleton, type Skeleton } from '../domain/skeleton.ts';
import type { Aligner } from './aligner.ts';
import { isOpen, oneFill, withInstance, withOther, type DistinctFills } from './distinct-fills.ts';

/** Prompts of a named task that are no instances of its baseline, but of one skeleton. */
export interface PromptFamily {
  readonly skeleton: Skeleton;
  readonly sightings: number;
  /** How many of them have matched since the skeleton last changed. */
  readonly stableFor: number;
  readonly fills: DistinctFills;
}

/** New prompts watched at a time. */
const familiesMax = 4;

/**
 * Counts a prompt to its family, which comes first in what is returned; the one longest not seen may fall out.
 * `undefined`: there is no time to look at it.
 */
export function sightPrompt(
  families: readonly PromptFamily[],
  prompt: string,
  aligner: Pick<Aligner, 'compare'>,
): readonly [PromptFamily, ...PromptFamily[]] | undefined {
  const known = families.find(({ skeleton }) => matchSkeleton(skeleton, prompt) !== undefined);
  if (known !== undefined)
    return withFirst(families, known, {
      skeleton: known.skeleton,
      stableFor: known.stableFor + 1,
      fills: withInstance(known.fills, known.skeleton, prompt),
    });
  for (const family of families) {
    const difference = aligner.compare(family.skeleton, prompt);
    if (difference === undefined) return undefined;
    if (!isSamePrompt(difference) && !(family.sightings === 1 && isTemplate(difference))) continue;
    const { skeleton } = difference;
    const fills = isOpen(skeleton) ? withOther(family.fills, skeleton, prompt) : family.fills;
    return withFirst(families, family, { skeleton, stableFor: 0, fills });
  }
  return withFirst(families, undefined, { skeleton: literalSkeleton(prompt), stableFor: 0, fills: oneFill });
}

/** Whether two prompts are one: 60 % of the first one's fixed text is left, and three words. */
export function isSamePrompt({ kept, skeleton }: Pick<Difference, 'kept' | 'skeleton'>): boolean {
  return kept >= fixedShareMin && hasFixedWords(skeleton, fixedWordsMin);
}

/** Whether two prompts may be one though most of them is filled in anew each time: six words of fixed text are left. */
export function isTemplate({ skeleton }: Difference): boolean {
  return hasFixedWords(skeleton, templateWordsMin);
}

function withFirst(
  families: readonly PromptFamily[],
  family: PromptFamily | undefined,
  seen: Omit<PromptFamily, 'sightings'>,
): readonly [PromptFamily, ...PromptFamily[]] {
  const others = families.filter((other) => other !== family).slice(0, familiesMax - 1);
  return [{ ...seen, sightings: (family?.sightings ?? 0) + 1 }, ...others];
}
