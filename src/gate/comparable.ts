import type { ShadowRun } from '../domain/shadow-run.ts';

/**
 * Longest time between the two answers of a pair, milliseconds. A model may change between them, and then their
 * difference would speak of the model.
 */
export const pairGapMsMax = 86_400_000;

/** Whether two answers were given so close together that their difference speaks of the variants. */
export function isComparable(pair: {
  readonly candidate: ShadowRun;
  readonly incumbent: ShadowRun;
}): boolean {
  return Math.abs(pair.candidate.atMs - pair.incumbent.atMs) <= pairGapMsMax;
}
