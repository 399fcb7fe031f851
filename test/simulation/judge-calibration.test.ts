import { describe, expect, it } from 'vitest';
import {
  atRandom,
  medianOf,
  promotedShare,
  runJudgeTrials,
  verboseJudge,
  type JudgeWorld,
  type TrialSettings,
} from '../../bench/gate/judge-calibration.ts';

const settings: TrialSettings = {
  threshold: 20,
  unitsMax: 4_000,
  lookEvery: 20,
  unlabelledMax: 9,
  pilot: 300,
};

function trials(seed: number, count: number, world: JudgeWorld, change: Partial<TrialSettings> = {}) {
  return runJudgeTrials(world, { ...settings, ...change }, { count, seed });
}

describe('a judge that prefers long answers, a long-winded candidate that is .03 worse', () => {
  const found = trials(1, 60, verboseJudge);

  it('is promoted nearly always where the judge is believed', () => {
    expect(promotedShare(found, 'byJudge')).toBeGreaterThan(0.9);
  });

  it('is promoted at most α of the time, at any look, where the judge is calibrated', () => {
    expect(medianOf(found.map(({ weight }) => weight))).toBeGreaterThan(0.2);
    expect(promotedShare(found, 'calibrated')).toBeLessThanOrEqual(0.05);
  });
});

describe('a candidate that changes nothing', () => {
  it('is promoted at most α of the time, at any look, by a keen judge that leans to it', () => {
    const world = { ...verboseJudge, effect: 0, insight: 0.8, taste: 0.4 };
    const found = trials(2, 150, world, { unitsMax: 5_000 });
    // The share is about .02; a correction of the wrong sign or size would promote nearly all.
    expect(promotedShare(found, 'calibrated')).toBeLessThanOrEqual(0.05);
    expect(found.filter(({ isShifted }) => isShifted).length / found.length).toBeLessThanOrEqual(0.06);
  });
});

describe('a candidate that is .1 better', () => {
  const gain = (insight: number, share: number) => {
    const world = { ...verboseJudge, effect: 0.1, insight, taste: 0.05, labelled: atRandom(share) };
    const found = trials(3, 30, world, { threshold: 500, unitsMax: Math.round(1_500 / share) });
    return {
      before: medianOf(found.map(({ byTruth }) => byTruth)) ?? Infinity,
      after: medianOf(found.map(({ calibrated }) => calibrated)) ?? Infinity,
    };
  };

  it.each([
    [0.1, 0.8],
    [0.3, 0.9],
  ])('needs fewer labelled pairs with a judge of .8, %d labelled: at most %d of them', (share, most) => {
    const { before, after } = gain(0.8, share);
    expect(before).toBeLessThan(1_000);
    expect(after / before).toBeLessThan(most);
  });

  it('needs no more of them with a judge of .5', () => {
    const { before, after } = gain(0.5, 0.1);
    expect(after / before).toBeLessThan(1.03);
  });
});

describe('labels that are not missing at random', () => {
  it('are noticed where only the candidate’s good answers get them, and then the judge is left out', () => {
    const world = { ...verboseJudge, labelled: { '-1': 0.05, '0': 0.1, '1': 0.2 } };
    const found = trials(4, 20, world, { unitsMax: 8_000 });
    expect(found.filter(({ isShifted }) => isShifted).length).toBeGreaterThanOrEqual(19);
  });
});
