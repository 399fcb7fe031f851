import { createHash } from 'node:crypto';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { Random } from '../domain/random.ts';

/**
 * Repeatable randomness: the same seed gives the same draws on every machine.
 *
 * Generator: xoroshiro128+ (Blackman and Vigna, 2018). Its first draws from a state with few set bits are far from
 * uniform, and people choose seeds like 1 and 2, so the state is the hash of the seed.
 */
export function createSeededRandom(seed: number): Random {
  const digest = createHash('sha256').update(String(seed)).digest();
  const generator = xoroshiro128plusFromState([0, 4, 8, 12].map((offset) => digest.readInt32LE(offset)));
  return { next: () => uniformFloat64(generator) };
}
