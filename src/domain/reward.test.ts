import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { episodeReward, rewardOf } from './reward.ts';
import { defaultTaskConfig, type MetricConfig } from './task.ts';

const metrics: Record<string, MetricConfig> = {
  resolved: { type: 'boolean', range: [0, 1], optimize: 'max', guardrail: null },
  csat: { type: 'number', range: [1, 5], optimize: 'max', guardrail: null },
  seconds: { type: 'number', range: [0, 10], optimize: 'min', guardrail: null },
};
const reward = { resolved: 0.8, csat: 0.2, seconds: 1 };

describe('rewardOf', () => {
  it.each([
    ['one metric counts alone', { resolved: 1 }, 1],
    ['metrics are weighed', { resolved: 1, csat: 1 }, 0.8],
    ['a range is scaled to [0, 1]', { csat: 4 }, 0.75],
    ['a metric to minimise is inverted', { seconds: 2.5 }, 0.75],
    ['values outside the range are clipped', { csat: 9 }, 1],
    ['unknown metrics are ignored', { mood: 1 }, null],
    ['nothing gives nothing', {}, null],
  ])('%s', (_, values, expected) => {
    const found = rewardOf(values, { reward, metrics });
    if (expected === null) expect(found).toBeNull();
    else expect(found).toBeCloseTo(expected, 12);
  });

  it('stays within [0, 1] and grows with a metric that is to be maximised', () => {
    const value = fc.double({ min: -10, max: 10, noNaN: true });
    fc.assert(
      fc.property(value, value, (low, high) => {
        const [one, other] = [low, high].map((csat) => rewardOf({ csat, resolved: 1 }, { reward, metrics }));
        expect(one).toBeGreaterThanOrEqual(0);
        expect(one).toBeLessThanOrEqual(1);
        if (low <= high) expect(one as number).toBeLessThanOrEqual((other as number) + 1e-12);
      }),
    );
  });

  it('by default is the score itself', () => {
    expect(rewardOf({ score: 0.3 }, defaultTaskConfig)).toBe(0.3);
  });
});

describe('episodeReward', () => {
  it('is the mean of the rewards that are there', () => {
    expect(episodeReward([1, null, 0.5])).toBe(0.75);
    expect(episodeReward([null])).toBeNull();
  });
});
