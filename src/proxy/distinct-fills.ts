import { contentHash } from '../domain/content-hash.ts';
import { matchSkeleton } from '../domain/match-skeleton.ts';
import { slotsOf, type Skeleton } from '../domain/skeleton.ts';

/** Different fills that are told apart; more count as so many. */
const distinctFillsMax = 16;

/** In how many ways the slots for running text have been filled: what recurs is instructions, what varies is data. */
export interface DistinctFills {
  readonly count: number;
  /** Hashes of those of the present skeleton. */
  readonly seen: readonly string[];
}

/** One way: the text itself. */
export const oneFill: DistinctFills = { count: 1, seen: [] };

/** A prompt that the skeleton had to be generalised for differs from all before. */
export function withOther({ count }: DistinctFills, skeleton: Skeleton, prompt: string): DistinctFills {
  return { count: Math.min(count + 1, distinctFillsMax), seen: [fillOf(skeleton, prompt)] };
}

/** An instance counts when its fill has not been seen. */
export function withInstance(fills: DistinctFills, skeleton: Skeleton, prompt: string): DistinctFills {
  if (fills.count >= distinctFillsMax || !isOpen(skeleton)) return fills;
  const fill = fillOf(skeleton, prompt);
  if (fills.seen.includes(fill)) return fills;
  return { count: fills.count + 1, seen: [...fills.seen, fill] };
}

/** Whether a skeleton has a slot that may hold any text. */
export function isOpen(skeleton: Skeleton): boolean {
  return slotsOf(skeleton).some(({ wordsMax }) => wordsMax === undefined);
}

function fillOf(skeleton: Skeleton, prompt: string): string {
  const values = matchSkeleton(skeleton, prompt) ?? {};
  const open = slotsOf(skeleton).filter(({ wordsMax }) => wordsMax === undefined);
  return contentHash(...open.map(({ name }) => values[name] ?? ''));
}
