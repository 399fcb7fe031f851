import { getRandomValues } from 'node:crypto';
import type { Random } from '../domain/random.ts';

/** Words drawn from the operating system at a time: 4 KiB. */
const poolWords = 1024;

/** Unpredictable randomness of the operating system, fetched in pools, so that a draw costs tens of nanoseconds. */
export function createSystemRandom(): Random {
  const pool = new Uint32Array(poolWords);
  let used = poolWords;
  const word = (): number => {
    if (used === poolWords) {
      getRandomValues(pool);
      used = 0;
    }
    const value = pool[used] ?? 0;
    used += 1;
    return value;
  };
  // 53 bits: every double of the form k/2^53 is equally likely, and 1 is never reached.
  return { next: () => ((word() >>> 5) * 67_108_864 + (word() >>> 6)) / 9_007_199_254_740_992 };
}
