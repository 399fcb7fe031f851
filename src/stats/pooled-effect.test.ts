import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../test/vectors/pooled-effect.json' with { type: 'json' };
import { pooledEffect, type EffectEstimate } from './pooled-effect.ts';
import { seededRandom } from './seeded-random.case.ts';

const known = (estimate: number, standardError: number): EffectEstimate => ({
  estimate,
  standardError,
  freedom: Infinity,
});

describe('pooledEffect', () => {
  it.each(vectors.cases)('agrees with the reference: $name', (reference) => {
    const found = pooledEffect(reference.estimates.map((of) => ({ ...of, freedom: of.freedom ?? Infinity })));
    for (const key of ['estimate', 'standardError', 'low', 'high'] as const)
      expect(Math.abs(found[key] - reference[key])).toBeLessThan(1e-9);
    expect(Math.abs(found.heterogeneity.q - reference.q)).toBeLessThan(1e-9);
    expect(Math.abs(found.heterogeneity.probability - reference.probability)).toBeLessThan(1e-9);
    expect(found.heterogeneity.freedom).toBe(reference.estimates.length - 1);
    if (reference.freedom === null) expect(found.freedom).toBe(Infinity);
    else expect(Math.abs(found.freedom - reference.freedom)).toBeLessThan(1e-9);
  });

  it('lies between its estimates, and is surer than each of them when their errors are known', () => {
    const estimate = fc.record({
      estimate: fc.double({ min: -1, max: 1, noNaN: true }),
      standardError: fc.double({ min: 0.001, max: 1, noNaN: true }),
      freedom: fc.constant(Infinity),
    });
    fc.assert(
      fc.property(fc.array(estimate, { minLength: 2, maxLength: 8 }), (all) => {
        const found = pooledEffect(all);
        expect(found.estimate).toBeGreaterThanOrEqual(Math.min(...all.map((of) => of.estimate)) - 1e-12);
        expect(found.estimate).toBeLessThanOrEqual(Math.max(...all.map((of) => of.estimate)) + 1e-12);
        expect(found.standardError).toBeLessThan(Math.min(...all.map((of) => of.standardError)));
      }),
    );
  });

  it('raises its alarm about a common effect five times in a hundred, and about different ones always', () => {
    const random = seededRandom(31);
    /** Sum of twelve uniform draws less six: nearly normal, of variance 1. */
    const normal = (): number => Array.from({ length: 12 }, () => random.next()).reduce((a, b) => a + b, -6);
    const rejected = (apart: number): number => {
      const effects = [0, 0, apart].map((effect) => known(effect + 0.02 * normal(), 0.02));
      return pooledEffect(effects).heterogeneity.probability < 0.05 ? 1 / 2_000 : 0;
    };
    const share = (apart: number): number =>
      Array.from({ length: 2_000 }, () => rejected(apart)).reduce((sum, one) => sum + one, 0);
    expect(share(0)).toBeGreaterThan(0.035);
    expect(share(0)).toBeLessThan(0.065);
    expect(share(0.12)).toBeGreaterThan(0.98);
  });

  it.each([[], [known(0, 0)], [known(Number.NaN, 1)], [{ ...known(0, 1), freedom: 0 }]])(
    'refuses estimates %j',
    (...estimates) => {
      expect(() => pooledEffect(estimates)).toThrow(RangeError);
    },
  );
});
