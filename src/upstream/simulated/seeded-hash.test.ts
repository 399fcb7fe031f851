import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extendHash, hashOf, indexOf, normalOf, uniformOf } from './seeded-hash.ts';

const draws = 50_000;

describe('hashOf', () => {
  it('is the same on every machine', () => {
    expect(hashOf(7, 'I was charged twice', 'prompt', 3)).toEqual({
      high: 4_268_523_271,
      low: 2_585_683_654,
    });
    expect(uniformOf(hashOf(7, 'x'))).toBe(0.273_703_246_209_771_8);
  });

  it('does not let parts run together', () => {
    const texts = fc.array(fc.oneof(fc.string(), fc.nat()), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(texts, texts, (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));
        expect(hashOf(...one)).not.toEqual(hashOf(...other));
      }),
    );
    expect(hashOf('ab', 'c')).not.toEqual(hashOf('a', 'bc'));
    expect(hashOf('1')).not.toEqual(hashOf(1));
  });

  it('equals the hash of its beginning, extended', () => {
    expect(extendHash(hashOf(1, 'a'), 'b')).toEqual(hashOf(1, 'a', 'b'));
  });

  it('tells numbers beyond 32 bits and negative ones apart', () => {
    const numbers = [0, -1, 1, 2 ** 32, 2 ** 32 + 1, 2 ** 52, -(2 ** 33)];
    expect(new Set(numbers.map((number) => JSON.stringify(hashOf(number)))).size).toBe(numbers.length);
  });

  it('has no collisions among close prompts', () => {
    const hashes = Array.from({ length: draws }, (_, n) =>
      JSON.stringify(hashOf(`Be brief, ${n} words.`, n % 7)),
    );
    expect(new Set(hashes).size).toBe(draws);
  });
});

describe('uniformOf', () => {
  it('fills (0, 1) evenly for numbers that follow one another', () => {
    const cells = Array.from({ length: 64 }, () => 0);
    for (let n = 0; n < draws; n += 1) cells[indexOf(hashOf(3, 'input', n), 64)]! += 1;
    const expected = draws / 64;
    const chiSquare = cells.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 63 degrees of freedom: the 99.9 % point is 103.4, the 0.1 % point 33.9.
    expect(chiSquare).toBeLessThan(103.4);
    expect(chiSquare).toBeGreaterThan(33.9);
  });

  it('is uncorrelated from one number, or one seed, to the next', () => {
    const correlation = (next: (n: number) => number): number => {
      let sum = 0;
      for (let n = 0; n < draws; n += 1) sum += (uniformOf(hashOf(3, 'x', n)) - 0.5) * (next(n) - 0.5);
      return (12 * sum) / draws;
    };
    const bound = 4 / Math.sqrt(draws);
    expect(Math.abs(correlation((n) => uniformOf(hashOf(3, 'x', n + 1))))).toBeLessThan(bound);
    expect(Math.abs(correlation((n) => uniformOf(hashOf(4, 'x', n))))).toBeLessThan(bound);
    expect(Math.abs(correlation((n) => uniformOf(hashOf(3, 'y', n))))).toBeLessThan(bound);
  });

  it('never reaches 0 or 1', () => {
    expect(uniformOf({ high: 0, low: 0 })).toBeGreaterThan(0);
    expect(uniformOf({ high: 0xffff_ffff, low: 0xffff_ffff })).toBeLessThan(1);
  });
});

describe('normalOf', () => {
  it('has mean 0, variance 1 and no skew', () => {
    const values = Array.from({ length: draws }, (_, n) => normalOf(hashOf(11, 'z', n)));
    const moment = (power: number): number => values.reduce((sum, value) => sum + value ** power, 0) / draws;
    expect(Math.abs(moment(1))).toBeLessThan(4 / Math.sqrt(draws));
    expect(Math.abs(moment(2) - 1)).toBeLessThan((4 * Math.SQRT2) / Math.sqrt(draws));
    expect(Math.abs(moment(3))).toBeLessThan((4 * Math.sqrt(15)) / Math.sqrt(draws));
    expect(Math.abs(moment(4) - 3)).toBeLessThan((4 * Math.sqrt(96)) / Math.sqrt(draws));
  });
});
