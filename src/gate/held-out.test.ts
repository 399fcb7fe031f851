import { describe, expect, it } from 'vitest';
import { sampleCampaign } from '../store/samples.case.ts';
import { heldOutCheck, leastWornSince, trialsOfRequestMax } from './held-out.ts';

const repeat = (difference: number, times: number): number[] =>
  Array.from({ length: times }, () => difference);

describe('heldOutCheck', () => {
  it.each<[string, readonly number[], boolean | null]>([
    ['too few to tell', repeat(-1, 19), null],
    ['a loss', repeat(-0.03, 20), false],
    ['a loss at the bound passes', repeat(-0.02, 20), true],
    ['no difference', repeat(0, 40), true],
    ['a gain', repeat(0.5, 40), true],
    ['a loss within one standard error passes', [...repeat(1, 9), ...repeat(-1, 12), ...repeat(0, 19)], true],
    ['a loss beyond one standard error', [...repeat(1, 5), ...repeat(-1, 14), ...repeat(0, 21)], false],
  ])('%s', (_, differences, isPassed) => {
    expect(heldOutCheck(differences)?.isPassed ?? null).toBe(isPassed);
  });

  it('names limit, value and bound', () => {
    expect(heldOutCheck(repeat(-0.05, 20))).toEqual({
      limit: 'held-out-loss',
      value: 0.05,
      bound: 0.02,
      isPassed: false,
    });
  });
});

describe('a past request', () => {
  const check = { limit: 'held-out-loss', value: 0, bound: 0.02, isPassed: true } as const;
  const tried = (frozenAtMs: number) =>
    sampleCampaign(`c${frozenAtMs}`, { frozenAtMs, screening: { checks: [check], isPassed: true } });
  const untried = (frozenAtMs: number) =>
    sampleCampaign(`u${frozenAtMs}`, { frozenAtMs, screening: { checks: [], isPassed: true } });

  it('serves in at most 25 trials, whatever came of them and in whatever order they are told', () => {
    const moments = Array.from({ length: 60 }, (_, index) => 1000 + index);
    const campaigns = moments.flatMap((atMs) => [tried(atMs), untried(atMs)]);
    for (const count of [0, 10, 24]) expect(leastWornSince(campaigns.slice(0, 2 * count))).toBeUndefined();
    // Whatever was recorded after this moment has served in the 24 trials since, and may serve in one more.
    expect(leastWornSince(campaigns.slice(0, 2 * trialsOfRequestMax))).toBe(1000);
    expect(leastWornSince(campaigns.toReversed())).toBe(1060 - trialsOfRequestMax);
  });
});
