import type { Clock } from '../domain/clock.ts';

/** Leave for so many calls a minute. */
export interface Bucket {
  readonly perMinute: number;
  /** Whether a call may be made now. */
  readonly has: () => boolean;
  readonly take: () => void;
}

/** What may be saved up, in minutes of the rate: a cycle comes every few seconds, and makes its calls at once. */
const savedMinutes = 1 / 6;

/** A bucket that begins full; it holds a sixth of a minute's calls, at least one. */
export function createBucket(perMinute: number, clock: Clock): Bucket {
  const capacity = Math.max(1, perMinute * savedMinutes);
  let tokens = capacity;
  let atMs = clock.now();
  const fill = (): void => {
    const nowMs = clock.now();
    tokens = Math.min(capacity, tokens + (Math.max(0, nowMs - atMs) * perMinute) / 60_000);
    atMs = nowMs;
  };
  return {
    perMinute,
    has: () => {
      fill();
      // Tenths of a call do not add up to a whole one exactly.
      return tokens >= 1 - 1e-9;
    },
    take: () => {
      tokens -= 1;
    },
  };
}
