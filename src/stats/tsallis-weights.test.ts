import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../test/vectors/tsallis-weights.json' with { type: 'json' };
import { tsallisWeights } from './tsallis-weights.ts';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const losses = fc.array(fc.double({ min: -1e12, max: 1e12, noNaN: true }), { minLength: 1, maxLength: 64 });
const learningRate = fc.double({ min: 1e-3, max: 1, noNaN: true });

describe('tsallisWeights', () => {
  it.each(vectors.cases)('agrees with the reference for losses $losses at $learningRate', (reference) => {
    tsallisWeights(reference.losses, reference.learningRate).forEach((weight, arm) =>
      expect(weight).toBeCloseTo(reference.weights[arm]!, 9),
    );
  });

  it('is a distribution with every arm above zero, for 1 to 64 arms and losses up to 1e12', () => {
    fc.assert(
      fc.property(losses, learningRate, (L, rate) => {
        const weights = tsallisWeights(L, rate);
        expect(Math.abs(sum(weights) - 1)).toBeLessThan(1e-12);
        expect(weights.every((weight) => weight > 0 && weight <= 1)).toBe(true);
      }),
    );
  });

  it('solves the equation: one x below all losses explains every weight', () => {
    const moderate = fc.array(fc.double({ min: 0, max: 500, noNaN: true }), { minLength: 2, maxLength: 64 });
    fc.assert(
      fc.property(moderate, learningRate, (L, rate) => {
        const x = tsallisWeights(L, rate).map((weight, arm) => L[arm]! - 2 / (rate * Math.sqrt(weight)));
        for (const value of x) expect(value).toBeCloseTo(x[0]!, 5);
        expect(Math.max(...x)).toBeLessThan(Math.min(...L));
      }),
    );
  });

  it('has converged also among 1,000 arms', () => {
    const L = Array.from({ length: 1_000 }, (_, arm) => arm / 10);
    for (const rate of [0.01, 0.1, 1]) {
      const x = tsallisWeights(L, rate).map((weight, arm) => L[arm]! - 2 / (rate * Math.sqrt(weight)));
      for (const value of x) expect(value).toBeCloseTo(x[0]!, 9);
    }
  });

  it('prefers smaller losses', () => {
    fc.assert(
      fc.property(losses, learningRate, (L, rate) => {
        const weights = tsallisWeights(L, rate);
        L.forEach((one, i) =>
          L.forEach((other, j) => {
            if (one < other) expect(weights[i]).toBeGreaterThanOrEqual(weights[j]!);
          }),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('does not change when a constant is added to all losses', () => {
    const shifted = tsallisWeights([1_000_003, 1_000_004, 1_000_008], 0.5);
    tsallisWeights([3, 4, 8], 0.5).forEach((weight, arm) => expect(shifted[arm]).toBeCloseTo(weight, 12));
  });

  it.each([
    [[], 1],
    [[Number.NaN], 1],
    [[1, Infinity], 1],
    [[1], 0],
    [[1], Number.NaN],
  ])('refuses losses %j at rate %d', (L, rate) => {
    expect(() => tsallisWeights(L, rate)).toThrow(RangeError);
  });
});
