import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { klDivergence, klStep } from '../stats/kl-step.ts';
import { trialShares } from './trial-shares.ts';

describe('trialShares', () => {
  it('lets an arm retreat to its target at once, at no cost to another’s advance', () => {
    const alone = trialShares([{ share: 0.01, target: 0.4 }], 0.005);
    expect(
      trialShares(
        [
          { share: 0.3, target: 0.01 },
          { share: 0.01, target: 0.4 },
        ],
        0.005,
      ),
    ).toEqual([0.01, ...alone]);
  });

  it('advances a single arm by the KL step', () => {
    const [share] = trialShares([{ share: 0.01, target: 0.99 }], 0.005);
    expect(share).toBe(klStep([0.01, 0.99], [0.99, 0.01], 0.005).probabilities[0]);
  });

  it('arrives', () => {
    expect(trialShares([{ share: 0.1, target: 0.11 }], 0.05)).toEqual([0.11]);
    expect(trialShares([], 0.05)).toEqual([]);
  });

  it('spends at most the KL limit on advancing, and passes no target', () => {
    const trial = fc.record({
      share: fc.double({ min: 1e-4, max: 1, noNaN: true }),
      target: fc.double({ min: 1e-4, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(
        fc.array(trial, { minLength: 1, maxLength: 20 }),
        fc.double({ min: 5e-4, max: 0.05, noNaN: true }),
        (weights, klMax) => {
          const scale = 1 / (weights.length + 1);
          const trials = weights.map(({ share, target }) => ({
            share: share * scale,
            target: target * scale,
          }));
          const next = trialShares(trials, klMax);
          const gained = trials.flatMap(({ share, target }, index) =>
            target > share ? [[share, next[index]!] as const] : [],
          );
          const rest = (shares: readonly number[]): number[] => [
            ...shares,
            1 - shares.reduce((sum, share) => sum + share, 0),
          ];
          const spent = klDivergence(
            rest(gained.map(([, after]) => after)),
            rest(gained.map(([before]) => before)),
          );
          expect(spent).toBeLessThanOrEqual(klMax + 1e-12);
          next.forEach((share, index) => {
            const { share: before, target } = trials[index]!;
            expect(share).toBeGreaterThanOrEqual(Math.min(before, target) - 1e-12);
            expect(share).toBeLessThanOrEqual(target);
          });
        },
      ),
    );
  });
});
