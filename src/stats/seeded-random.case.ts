import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Random } from '../domain/random.ts';

/** A repeatable stream of uniform draws for statistical tests. */
export function seededRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  return { next: () => (generator.next() >>> 0) / 2 ** 32 };
}
