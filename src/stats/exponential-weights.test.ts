import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exponentialWeights } from './exponential-weights.ts';

describe('exponentialWeights', () => {
  it('gives a ratio of exp(−η·difference)', () => {
    const [first, second] = exponentialWeights([1, 3], 0.5);
    expect(second! / first!).toBeCloseTo(Math.exp(-1), 12);
  });

  it('is a distribution for 1 to 64 arms and losses up to 1e12', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e12, max: 1e12, noNaN: true }), { minLength: 1, maxLength: 64 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (losses, rate) => {
          const weights = exponentialWeights(losses, rate);
          expect(Math.abs(weights.reduce((sum, weight) => sum + weight, 0) - 1)).toBeLessThan(1e-12);
          expect(weights.every((weight) => weight >= 0)).toBe(true);
        },
      ),
    );
  });

  it('is uniform at rate 0', () => {
    expect(exponentialWeights([0, 1e12], 0)).toEqual([0.5, 0.5]);
  });

  it('refuses no arms, and what is not finite', () => {
    expect(() => exponentialWeights([], 1)).toThrow(RangeError);
    expect(() => exponentialWeights([Infinity], 1)).toThrow(RangeError);
    expect(() => exponentialWeights([1], -1)).toThrow(RangeError);
  });
});
