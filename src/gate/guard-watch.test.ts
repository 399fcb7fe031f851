import { describe, expect, it } from 'vitest';
import type { WatchState } from '../domain/gate-state.ts';
import { firstPlan, type ServingPlan } from '../domain/plan.ts';
import { defaultTaskConfig, type TaskConfig } from '../domain/task.ts';
import { createSeededRandom } from '../runtime/seeded-random.ts';
import type { EpisodeOutcome } from '../store/outcome-store.ts';
import { discoveredMax, guardCount, observationsOf } from './guard-streams.ts';
import { foldGuards } from './guard-watch.ts';
import { startArmWatch, startWatch } from './watch.ts';

const config: TaskConfig = {
  ...defaultTaskConfig,
  metrics: {
    ...defaultTaskConfig.metrics,
    polite: { type: 'boolean', range: [0, 1], optimize: 'max', guardrail: { margin: 0.05 } },
    latency_ms: { type: 'number', range: [0, 1], optimize: 'min', guardrail: { margin: 0.1 } },
  },
};
const basePlan = firstPlan('task', 1, 0);
const plan: ServingPlan = {
  ...basePlan,
  arms: [...basePlan.arms, { variantId: 'new', status: 'incumbent', cap: 1 }],
  incumbentId: 'new',
};
const moment = { nowMs: 0, feedbacks: 0 };

function outcomeOf(index: number, change: Partial<EpisodeOutcome> = {}): EpisodeOutcome {
  return {
    episodeId: `e${index}`,
    variantId: 'new',
    propensity: 0.9,
    planVersion: 1,
    decidedAtMs: index + 1,
    segment: null,
    reward: 1,
    values: {},
    latencyMs: null,
    costUsd: null,
    ...change,
  };
}

function watchOf(...variantIds: readonly string[]): WatchState {
  return { ...startWatch, arms: Object.fromEntries(variantIds.map((id) => [id, startArmWatch(0)])) };
}

/** Folds episodes that are made one after the other; how many until the alarm, `undefined` without one. */
function untilAlarm(
  from: number,
  count: number,
  make: (index: number) => EpisodeOutcome,
  before: WatchState = watchOf('new'),
): { readonly at: number | undefined; readonly watch: WatchState } {
  let watch = before;
  for (let index = from; index < from + count; index++) {
    watch = foldGuards(watch, [make(index)], { plan, config }, moment);
    if (watch.arms['new']?.alarm !== null) return { at: index - from, watch };
  }
  return { at: undefined, watch };
}

describe('the streams of an episode', () => {
  it('are one for each declared guardrail metric and for the segment', () => {
    const outcome = outcomeOf(1, { values: { polite: 1, score: 0 }, latencyMs: 1000, segment: 'money' });
    const found = observationsOf(outcome, config);
    expect(found.map(({ name }) => name)).toEqual(['metric:polite', 'metric:latency_ms', 'segment:money']);
    expect(found.map(({ slack }) => slack)).toEqual([0.05, Math.log2(1.1) / 24, 0.1]);
  });

  it('put latency on a scale of doublings', () => {
    const scoreOf = (latencyMs: number): number =>
      observationsOf(outcomeOf(1, { latencyMs }), config)[0]?.score ?? 0;
    expect(scoreOf(1000) - scoreOf(2000)).toBeCloseTo(1 / 24, 12);
    expect(scoreOf(0)).toBe(1);
    expect(scoreOf(1e12)).toBe(0);
  });

  it('are of declared segments alone, where any is declared', () => {
    const declared = { ...config, gate: { ...config.gate, slices: { money: { margin: 0.03 } } } };
    expect(observationsOf(outcomeOf(1, { segment: 'other' }), declared)).toEqual([]);
    expect(observationsOf(outcomeOf(1, { segment: 'money' }), declared)).toEqual([
      { name: 'segment:money', score: 1, slack: 0.03 },
    ]);
    expect(guardCount(declared)).toBe(3);
    expect(guardCount(config)).toBe(2 + discoveredMax);
  });
});

describe('the watch over guardrails and segments', () => {
  it('notices a metric that falls while the reward does not', () => {
    const random = createSeededRandom(1);
    const polite = (chance: number) => (index: number) =>
      outcomeOf(index, { values: { polite: random.next() < chance ? 1 : 0 } });
    const before = untilAlarm(0, 800, polite(0.95));
    expect(before.at).toBeUndefined();
    const { at, watch } = untilAlarm(800, 400, polite(0.7), before.watch);
    expect(at).toBeLessThan(200);
    expect(watch.arms['new']?.alarm).toMatchObject({ guard: 'metric:polite' });
  });

  it('notices a segment that falls while the others make up for it', () => {
    const random = createSeededRandom(2);
    const make = (index: number, isLate: boolean): EpisodeOutcome => {
      const segment = index % 4 === 0 ? 'money' : 'other';
      const chance = isLate ? (segment === 'money' ? 0.4 : 0.9) : 0.8;
      return outcomeOf(index, { segment, reward: random.next() < chance ? 1 : 0 });
    };
    const before = untilAlarm(0, 3000, (index) => make(index, false));
    const { watch } = untilAlarm(3000, 800, (index) => make(index, true), before.watch);
    expect(before.at).toBeUndefined();
    expect(watch.arms['new']?.alarm).toMatchObject({ guard: 'segment:money' });
  });

  it('notices answers that take twice as long', () => {
    const random = createSeededRandom(3);
    const make = (factor: number) => (index: number) =>
      outcomeOf(index, { latencyMs: factor * 800 * 2 ** (random.next() - 0.5) });
    const before = untilAlarm(0, 800, make(1));
    expect(before.at).toBeUndefined();
    expect(untilAlarm(800, 600, make(2), before.watch).at).toBeLessThan(400);
  });

  it('holds an arm against what the incumbent before it delivered', () => {
    const former: ServingPlan = { ...plan, incumbentId: 'baseline' };
    const delivered = Array.from({ length: 300 }, (_, index) =>
      outcomeOf(index, { variantId: 'baseline', values: { polite: 1 } }),
    );
    const seen = foldGuards(watchOf('baseline', 'new'), delivered, { plan: former, config }, moment);
    const { at } = untilAlarm(300, 400, (index) => outcomeOf(index, { values: { polite: index % 2 } }), {
      ...seen,
      arms: { new: startArmWatch(0) },
    });
    expect(at).toBeLessThan(60);
  });

  it('raises no alarm on so many streams together sooner than on one: 40 runs of 2,000 episodes without change', () => {
    let alarms = 0;
    for (let seed = 0; seed < 40; seed++) {
      const random = createSeededRandom(100 + seed);
      const { at } = untilAlarm(0, 2000, (index) =>
        outcomeOf(index, {
          values: { polite: random.next() < 0.9 ? 1 : 0 },
          segment: `s${index % 8}`,
          reward: random.next() < 0.7 ? 1 : 0,
        }),
      );
      if (at !== undefined) alarms += 1;
    }
    expect(alarms).toBeLessThanOrEqual(1);
  });

  it('follows only so many segments, since callers name them', () => {
    const many = Array.from({ length: 100 }, (_, index) => outcomeOf(index, { segment: `s${index}` }));
    const { guards } = foldGuards(watchOf('new'), many, { plan, config }, moment);
    expect(Object.keys(guards?.arms['new'] ?? {})).toHaveLength(discoveredMax);
  });

  it('gives the same in whatever pages the episodes come', () => {
    const random = createSeededRandom(4);
    const all = Array.from({ length: 300 }, (_, index) =>
      outcomeOf(index, { values: { polite: random.next() < 0.6 ? 1 : 0 }, segment: `s${index % 3}` }),
    );
    const whole = foldGuards(watchOf('new'), all, { plan, config }, moment);
    const paged = [all.slice(0, 7), all.slice(7, 150), all.slice(150)].reduce(
      (watch, page) => foldGuards(watch, page, { plan, config }, moment),
      watchOf('new'),
    );
    expect(paged).toEqual(whole);
  });
});
