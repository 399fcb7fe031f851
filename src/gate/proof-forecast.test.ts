import { describe, expect, it } from 'vitest';
import { forecastProof, type TrafficFigures } from './proof-forecast.ts';

const traffic: TrafficFigures = {
  gradedPerDay: 100,
  affordedPerDay: 320,
  variance: 0.2,
  alphaLevel: 1 / 500,
  isStrict: false,
  conditions: [],
};

describe('forecastProof', () => {
  it('takes about 1,200 pairs, twelve days at a hundred a day, for +.05 of a right-or-wrong score', () => {
    const forecast = forecastProof(0.05, traffic);
    expect(forecast).toMatchObject({
      bottleneck: 'gain',
      boundBy: 'traffic',
      pairsPerDay: 100,
      isWithinTest: true,
    });
    expect(forecast.pairs).toBeGreaterThan(1100);
    expect(forecast.pairs).toBeLessThan(1300);
    expect(forecast.days).toBeCloseTo(forecast.pairs / 100, 9);
  });

  it('asks for less after promotions, of graded scores, and for no fewer than thirty', () => {
    const pairs = (change: Partial<TrafficFigures>, effect = 0.05): number =>
      forecastProof(effect, { ...traffic, ...change }).pairs;
    expect(pairs({ alphaLevel: 1 / 250 })).toBeLessThan(pairs({}));
    expect(pairs({ variance: 0.036 })).toBeLessThan(pairs({}) / 3);
    expect(pairs({ variance: 0.001 }, 0.5)).toBe(30);
  });

  it('waits for the slowest condition, longer for a small segment and where the test is strict', () => {
    const conditions = [
      { name: 'cost', margin: 0.07, variance: 0, share: 1 },
      { name: 'slice:vip', margin: 0.1, variance: 0.2, share: 0.1 },
    ];
    const forecast = forecastProof(0.1, { ...traffic, conditions });
    expect(forecast.bottleneck).toBe('slice:vip');
    expect(forecast.pairsInAll).toBeGreaterThan(1000);
    const strict = forecastProof(0.1, { ...traffic, conditions, isStrict: true });
    expect(strict.pairsInAll).toBeGreaterThan(1.5 * forecast.pairsInAll);
    expect(strict.isWithinTest).toBe(false);
  });

  it('is bound by the budget where that is less, and never ends without traffic', () => {
    expect(forecastProof(0.05, { ...traffic, affordedPerDay: 20 })).toMatchObject({
      boundBy: 'budget',
      pairsPerDay: 20,
    });
    expect(forecastProof(0.05, { ...traffic, gradedPerDay: 0 }).days).toBe(Infinity);
    const absent = [{ name: 'slice:x', margin: 0.1, variance: 0, share: 0 }];
    expect(forecastProof(0.05, { ...traffic, conditions: absent }).days).toBe(Infinity);
  });
});
