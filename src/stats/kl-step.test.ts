import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../test/vectors/kl-step.json' with { type: 'json' };
import { klDivergence, klStep } from './kl-step.ts';

const normalise = (weights: readonly number[]): number[] => {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
};
const divergence = (p: readonly number[], q: readonly number[]): number =>
  p.reduce((sum, share, arm) => sum + (share === 0 ? 0 : share * Math.log(share / q[arm]!)), 0);
const pair = (least: number): fc.Arbitrary<[number[], number[]]> =>
  fc
    .array(
      fc.tuple(fc.double({ min: 1e-6, max: 1, noNaN: true }), fc.double({ min: least, max: 1, noNaN: true })),
      {
        minLength: 2,
        maxLength: 64,
      },
    )
    .filter((weights) => weights.some(([, target]) => target > 1e-6))
    .map((weights) => [
      normalise(weights.map(([old]) => old)),
      normalise(weights.map(([, target]) => target)),
    ]);

describe('klStep', () => {
  it.each(vectors.cases)('agrees with the reference for $old to $target within $klMax', (reference) => {
    const step = klStep(reference.old, reference.target, reference.klMax);
    expect(step.beta).toBeCloseTo(reference.beta, 9);
    expect(step.kl).toBeCloseTo(reference.kl, 9);
    step.probabilities.forEach((share, arm) => expect(share).toBeCloseTo(reference.probabilities[arm]!, 9));
  });

  it('stays within the bound, and on the simplex', () => {
    fc.assert(
      fc.property(pair(0), fc.double({ min: 0, max: 0.5, noNaN: true }), ([old, target], klMax) => {
        const { probabilities, beta, kl } = klStep(old, target, klMax);
        expect(divergence(probabilities, old)).toBeLessThanOrEqual(klMax + 1e-12);
        expect(kl).toBeCloseTo(divergence(probabilities, old), 12);
        expect(Math.abs(probabilities.reduce((sum, share) => sum + share, 0) - 1)).toBeLessThan(1e-12);
        expect(beta).toBeGreaterThanOrEqual(0);
        expect(beta).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('goes as far as the bound allows', () => {
    fc.assert(
      fc.property(pair(1e-6), fc.double({ min: 1e-3, max: 0.5, noNaN: true }), ([old, target], klMax) => {
        const { beta, kl } = klStep(old, target, klMax);
        expect(beta === 1 || kl > klMax - 1e-9).toBe(true);
      }),
    );
  });

  it('never takes from an arm that the target gives more', () => {
    fc.assert(
      fc.property(pair(1e-6), ([old, target]) => {
        const { probabilities } = klStep(old, target, 0.01);
        target.forEach((share, arm) => {
          if (share >= old[arm]!) expect(probabilities[arm]).toBeGreaterThanOrEqual(old[arm]! - 1e-12);
        });
      }),
    );
  });

  it.each([
    { klMax: 0.001, steps: 52 },
    { klMax: 0.005, steps: 24 },
    { klMax: 0.02, steps: 12 },
    { klMax: 0.05, steps: 8 },
  ])('takes $steps steps from 1 % to 90 % at $klMax nats', ({ klMax, steps }) => {
    let shares = [0.99, 0.01];
    let taken = 0;
    while (shares[1]! < 0.9) {
      shares = klStep(shares, [0.01, 0.99], klMax).probabilities;
      taken++;
    }
    expect(Math.abs(taken - steps)).toBeLessThanOrEqual(1);
  });

  it('stays where it was when nothing may change, or nothing lies between', () => {
    expect(klStep([0.5, 0.5], [0.1, 0.9], 0)).toEqual({ probabilities: [0.5, 0.5], beta: 0, kl: 0 });
    expect(klStep([1, 0], [0, 1], 0.05)).toEqual({ probabilities: [1, 0], beta: 0, kl: 0 });
    expect(klStep([0.5, 0.5], [0, 1], 0.05).probabilities).toEqual([0.5, 0.5]);
  });

  it('refuses what is no distribution', () => {
    expect(() => klStep([0.5, 0.6], [0.5, 0.5], 0.1)).toThrow(RangeError);
    expect(() => klStep([1], [0.5, 0.5], 0.1)).toThrow(RangeError);
    expect(() => klStep([1.5, -0.5], [0.5, 0.5], 0.1)).toThrow(RangeError);
    expect(() => klStep([0.5, 0.5], [0.5, 0.5], -1)).toThrow(RangeError);
  });
});

describe('klDivergence', () => {
  it('is 0 for equal distributions and infinite where mass has no support', () => {
    expect(klDivergence([0.2, 0.8], [0.2, 0.8])).toBe(0);
    expect(klDivergence([0.5, 0.5], [1, 0])).toBe(Infinity);
  });
});
