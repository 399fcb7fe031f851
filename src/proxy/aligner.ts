import type { Clock } from '../domain/clock.ts';
import { compareSkeletons, type Difference } from '../domain/compare-skeletons.ts';
import { literalSkeleton, type Skeleton } from '../domain/skeleton.ts';

/**
 * What comparing prompts may cost in a second, over all tasks, since traffic waits for it: a twentieth of a core. A unit is
 * about a seventh of a microsecond. Counted rather than measured, so that runs can be repeated.
 */
export const workPerSecondMax = 350_000;

/** What may be spent at once after a while without new prompts; a request waits for no more, and one comparison. */
export const workAtOnceMax = 100_000;

/** The work of one comparison, and how it grows with the characters on both sides: at first steeply, then slowly. */
const workMin = 500;
const steepLength = 16_384;
const flatShare = 1 / 16;

/** Compares prompts with skeletons as `compareSkeletons` does, but little in all: beyond the limit it says nothing. */
export interface Aligner {
  /** `undefined`: there is no time for it now. Asked the same twice in a row, it does not compare twice. */
  readonly compare: (skeleton: Skeleton, prompt: string) => Difference | undefined;
  /** Whether there is time for so many units of other work. */
  readonly spend: (work: number) => boolean;
}

/** Starts with as much as may be spent at once. */
export function createAligner(clock: Clock): Aligner {
  let countedAtMs = clock.now();
  let left = workAtOnceMax;
  let last: { skeleton: Skeleton; prompt: string; difference: Difference } | undefined;
  const spend = (work: number): boolean => {
    const nowMs = clock.now();
    const earned = (Math.max(0, nowMs - countedAtMs) * workPerSecondMax) / 1000;
    left = Math.min(workAtOnceMax, left + earned);
    countedAtMs = nowMs;
    if (left <= 0) return false;
    // The last one may cost more than is left; what follows waits for longer then.
    left -= work;
    return true;
  };
  return {
    spend,
    compare: (skeleton, prompt) => {
      if (last?.skeleton === skeleton && last.prompt === prompt) return last.difference;
      const length = fixedLength(skeleton) + prompt.length;
      if (!spend(workMin + Math.min(length, steepLength) + length * flatShare)) return undefined;
      last = { skeleton, prompt, difference: compareSkeletons(skeleton, literalSkeleton(prompt)) };
      return last.difference;
    },
  };
}

/** Characters of fixed text. */
export function fixedLength({ segments }: Skeleton): number {
  return segments.reduce((sum, segment) => sum + (segment.kind === 'text' ? segment.text.length : 0), 0);
}
