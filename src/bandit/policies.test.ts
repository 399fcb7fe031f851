import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { policies } from './policies.ts';
import { shannonPolicy } from './shannon-policy.ts';
import { tsallisPolicy } from './tsallis-policy.ts';

describe('policies', () => {
  it.each(Object.entries(policies))('%s gives a distribution and finite rates, always', (_, policy) => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e12, max: 1e12, noNaN: true }), { minLength: 1, maxLength: 64 }),
        fc.double({ min: 0, max: 1e9, noNaN: true }),
        (losses, n) => {
          const probabilities = policy.probabilities(losses, n);
          expect(probabilities).toHaveLength(losses.length);
          expect(probabilities.every((probability) => probability >= 0)).toBe(true);
          expect(Math.abs(probabilities.reduce((sum, share) => sum + share, 0) - 1)).toBeLessThan(1e-9);
          const { learningRate, implicitExploration } = policy.rates(n, losses.length);
          expect(learningRate).toBeGreaterThanOrEqual(0);
          expect(implicitExploration).toBeGreaterThanOrEqual(0);
          expect(implicitExploration).toBeLessThanOrEqual(0.5);
        },
      ),
    );
  });

  it('tsallis: η = 8/√(max(1, n) + 64), γ = min(η², .05)', () => {
    expect(tsallisPolicy.rates(0, 3).learningRate).toBeCloseTo(8 / Math.sqrt(65), 12);
    expect(tsallisPolicy.rates(36, 3).learningRate).toBeCloseTo(0.8, 12);
    expect(tsallisPolicy.rates(36, 3).implicitExploration).toBe(0.05);
    expect(tsallisPolicy.rates(6336, 3).implicitExploration).toBeCloseTo(0.01, 12);
  });

  it('shannon: η = √(ln K/(Kn)), γ = η/2', () => {
    expect(shannonPolicy.rates(100, 4).learningRate).toBeCloseTo(Math.sqrt(Math.log(4) / 400), 12);
    expect(shannonPolicy.rates(0, 4)).toEqual(shannonPolicy.rates(1, 4));
    expect(shannonPolicy.rates(100, 4).implicitExploration).toBeCloseTo(Math.sqrt(Math.log(4) / 400) / 2, 12);
    expect(shannonPolicy.probabilities([7], 100)).toEqual([1]);
  });
});
