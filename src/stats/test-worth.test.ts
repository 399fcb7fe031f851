import { describe, expect, it } from 'vitest';
import { testWorth, type TestOutlook } from './test-worth.ts';

const fresh: TestOutlook = {
  mean: 0,
  deviation: 0.09,
  pairVariance: 0.3,
  natsLeft: 6,
  pairsLeft: 2000,
  pairsBefore: 40,
};

describe('the worth of a test', () => {
  it('grows with what is expected, and falls with what is left to show', () => {
    const worths = [-0.05, 0, 0.05, 0.1].map((mean) => testWorth({ ...fresh, mean }));
    expect(worths).toEqual(worths.toSorted((one, other) => one - other));
    expect(testWorth({ ...fresh, natsLeft: 2 })).toBeGreaterThan(testWorth(fresh));
    expect(testWorth({ ...fresh, pairsBefore: 200 })).toBeLessThan(testWorth(fresh));
  });

  it('of an effect that is all but known is that effect over the pairs that it takes', () => {
    const effect = 0.1;
    const pairs = (2 * 0.3 * 6) / effect ** 2;
    const worth = testWorth({ ...fresh, mean: effect, deviation: 1e-6, pairsBefore: 0 });
    // The nearest lengths at which one may stop are 200, too early, and 400.
    expect(worth).toBeCloseTo(effect / pairs, 4);
  });

  it('lets an undecided test go that 150 pairs have told nothing of, and keeps one that has shown much', () => {
    const precision = 1 / fresh.deviation ** 2 + 150 / 0.3;
    const after = (difference: number, natsLeft: number): number =>
      testWorth({
        ...fresh,
        mean: (difference * 150) / 0.3 / precision,
        deviation: 1 / Math.sqrt(precision),
        natsLeft,
        pairsLeft: 1850,
        pairsBefore: 0,
      });
    expect(after(0, 8)).toBeLessThan(testWorth(fresh));
    expect(after(0.12, 3)).toBeGreaterThan(testWorth(fresh));
  });

  it('is never below 0, and refuses what cannot be', () => {
    expect(testWorth({ ...fresh, mean: -0.5, deviation: 0.01 })).toBe(0);
    expect(() => testWorth({ ...fresh, deviation: 0 })).toThrow(RangeError);
  });
});
