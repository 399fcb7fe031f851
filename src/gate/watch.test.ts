import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { ArmWatch, WatchState } from '../domain/gate-state.ts';
import { firstPlan, type ServingPlan } from '../domain/plan.ts';
import type { RewardEvent } from '../store/feedback-store.ts';
import { addReward, emptyWindow, levelOf } from './reward-window.ts';
import {
  foldRewards,
  ownLevelRewards,
  resetWatch,
  startArmWatch,
  startWatch,
  watchedArms,
  watchPlan,
} from './watch.ts';

const plan: ServingPlan = {
  ...firstPlan('t', 1, 0),
  arms: [
    { variantId: 'baseline', status: 'baseline', cap: 1 },
    { variantId: 'old', status: 'superseded', cap: 1 },
    { variantId: 'top', status: 'incumbent', cap: 1 },
    { variantId: 'new', status: 'canary', cap: 1 },
  ],
  incumbentId: 'top',
};
const at = { nowMs: 5, feedbacks: 77 };

function rewards(values: readonly number[], variantId = 'top', from = 1): RewardEvent[] {
  return values.map((reward, index) => ({
    sequence: from + index,
    episodeId: `e${from + index}`,
    variantId,
    propensity: 1,
    planVersion: 1,
    reward,
    atMs: 0,
    decidedAtMs: 0,
  }));
}

function draws(seed: number, count: number, share: number): number[] {
  const generator = xoroshiro128plus(seed);
  return Array.from({ length: count }, () => Number((generator.next() >>> 0) / 2 ** 32 < share));
}

const watchAt = (level: number): WatchState => ({ cursor: 0, arms: { top: startArmWatch(level) } });

describe('watch', () => {
  it('watches the incumbent and the canary', () => {
    expect(watchedArms(plan)).toEqual(['top', 'new']);
    expect(watchedArms(firstPlan('t', 1, 0))).toEqual(['baseline']);
  });

  it('keeps what it knows of arms that stay, drops the others, begins new ones at their level', () => {
    const before: WatchState = { cursor: 9, arms: { top: startArmWatch(0.5), gone: startArmWatch(0.7) } };
    const { cursor, arms } = watchPlan(before, plan, { new: 0.4 });
    expect(cursor).toBe(9);
    expect(Object.entries(arms).map(([id, { level }]) => [id, level])).toEqual([
      ['top', 0.5],
      ['new', 0.4],
    ]);
  });

  it('raises an alarm on a fall, with what its investigation needs', () => {
    const fallen = foldRewards(watchAt(0.7), rewards(draws(1, 400, 0.4)), at);
    expect(fallen.arms['top']?.alarm).toMatchObject({ raisedAtMs: 5, atFeedback: 77, replaysDone: 0 });
    expect(fallen.cursor).toBe(400);
    expect(fallen.arms['top']?.observations).toBe(fallen.arms['top']?.alarm?.afterSequence);
  });

  it('is quiet while the level is kept: at most one alarm for each 10,000 rewards', () => {
    const alarms = Array.from({ length: 20 }, (_, seed) =>
      foldRewards(watchAt(0.7), rewards(draws(seed + 1, 2000, 0.7)), at),
    ).filter(({ arms }) => arms['top']?.alarm !== null);
    expect(alarms.length).toBeLessThanOrEqual(4);
  });

  it('without a level raises no alarm, whatever comes', () => {
    const low = foldRewards(watchAt(0), rewards(Array.from({ length: 499 }, () => 0)), at);
    expect(low.arms['top']?.alarm).toBeNull();
  });

  it('raises the level to what the arm delivers after 500 rewards of its own, and never lowers it', () => {
    const risen = foldRewards(watchAt(0.5), rewards(draws(3, ownLevelRewards, 0.8)), at);
    expect(risen.arms['top']?.level).toBeGreaterThan(0.74);
    const kept = foldRewards(watchAt(0.5), rewards(draws(3, ownLevelRewards, 0.5)), at);
    expect(kept.arms['top']?.level).toBe(0.5);
  });

  it('forgets all levels after a drift', () => {
    const { arms, cursor } = resetWatch({ ...watchAt(0.7), cursor: 3 });
    expect(cursor).toBe(3);
    expect(arms['top']).toEqual(startArmWatch(0));
  });

  it('comes to the same however the rewards are cut', () => {
    const values = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 80 });
    fc.assert(
      fc.property(values, fc.nat(80), (all, cut) => {
        const events = rewards(all);
        const first = foldRewards(watchAt(0.6), events.slice(0, cut), at);
        expect(foldRewards(first, events.slice(cut), at)).toEqual(foldRewards(watchAt(0.6), events, at));
      }),
    );
  });

  it('survives JSON', () => {
    const watch = foldRewards(watchAt(0.7), rewards(draws(1, 400, 0.4)), at);
    expect(JSON.parse(JSON.stringify(watch))).toEqual(watch);
    expect(JSON.parse(JSON.stringify(startWatch))).toEqual(startWatch);
  });
});

describe('reward window', () => {
  const filled = (values: readonly number[]): ArmWatch['recent'] => values.reduce(addReward, emptyWindow);

  it('is the mean minus one standard error', () => {
    const values = [...draws(5, 100, 0.5)];
    const mean = values.reduce((sum, value) => sum + value, 0) / 100;
    expect(levelOf(filled(values) ?? emptyWindow)).toBeCloseTo(
      mean - Math.sqrt((mean * (1 - mean)) / 99),
      12,
    );
  });

  it('knows no level below 30 rewards', () => {
    expect(levelOf(filled(Array.from({ length: 29 }, () => 1)) ?? emptyWindow)).toBe(0);
  });

  it('forgets what lies more than 500 rewards back', () => {
    const values = [...Array.from({ length: 500 }, () => 0), ...Array.from({ length: 500 }, () => 1)];
    expect(levelOf(filled(values) ?? emptyWindow)).toBe(1);
  });
});
