import { describe, expect, test } from 'vitest';
import { firstPlan, type ServingPlan } from '../../domain/plan.ts';
import { seededRandom } from '../../stats/seeded-random.case.ts';
import { sampleDecision, sampleFeedback, sampleTask, startMs } from '../../store/samples.case.ts';
import type { EpisodeOutcome } from '../../store/outcome-store.ts';
import { createApiWorld } from './api-world.case.ts';
import { policyValue } from './policy-values.ts';

const first: ServingPlan = firstPlan('triage', 1, 0);
const second: ServingPlan = {
  ...first,
  version: 2,
  arms: [...first.arms, { variantId: 'v1', status: 'canary', cap: 0.5 }],
};

/** A log under plan 2 that draws `v1` more often as time goes by, while rewards of both fall. */
function drawLog(seed: number, count: number): readonly EpisodeOutcome[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const time = index / count;
    const chance = 0.05 + 0.5 * time;
    const isCandidate = random.next() < chance;
    const level = (isCandidate ? 0.8 : 0.6) - 0.3 * time;
    return {
      episodeId: `e${index}`,
      variantId: isCandidate ? 'v1' : 'baseline',
      propensity: isCandidate ? chance : 1 - chance,
      planVersion: 2,
      decidedAtMs: index,
      segment: null,
      reward: random.next() < level ? 1 : 0,
      values: {},
      latencyMs: null,
      costUsd: null,
    };
  });
}

const known = { plans: [first, second], incumbentId: 'baseline' };

describe('the value of a policy', () => {
  test('is right where traffic moves while rewards drift, when plain means are not', () => {
    const errors = { ips: 0, snips: 0, dr: 0, contrast: 0, plain: 0 };
    const runs = 40;
    for (let seed = 0; seed < runs; seed++) {
      const log = drawLog(seed, 2000);
      const { ips, snips, dr, contrast } = policyValue({ v1: 1 }, log, known);
      const truth = 0.8 - 0.15;
      const rewards = log.filter(({ variantId }) => variantId === 'v1').map(({ reward }) => reward ?? 0);
      errors.plain += rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length - truth;
      for (const [name, found, of] of [
        ['ips', ips, truth],
        ['snips', snips, truth],
        ['dr', dr, truth],
        ['contrast', contrast, 0.2],
      ] as const) {
        if (found?.kind !== 'estimate') throw new Error(`${name} was refused`);
        errors[name] += found.value - of;
      }
    }
    expect(errors.plain / runs).toBeLessThan(-0.03);
    for (const name of ['ips', 'snips', 'dr', 'contrast'] as const)
      expect(Math.abs(errors[name] / runs), name).toBeLessThan(0.02);
  });

  test('counts only episodes in which its variants could be drawn', () => {
    const log = [...drawLog(1, 300).map((outcome) => ({ ...outcome, planVersion: 1 })), ...drawLog(2, 400)];
    expect(policyValue({ v1: 1 }, log, known).episodes).toBe(400);
    expect(policyValue({ baseline: 1 }, log, known).episodes).toBe(700);
    expect(policyValue({ baseline: 0.5, v1: 0.5 }, log, known).episodes).toBe(400);
  });

  test('is refused where too little of the log speaks of it, never a bare number', () => {
    expect(policyValue({ v1: 1 }, drawLog(1, 60), known).dr).toMatchObject({
      kind: 'refused',
      reason: 'effective-sample-size',
      bound: 50,
    });
    expect(policyValue({ v9: 1 }, drawLog(1, 600), known)).toMatchObject({
      episodes: 0,
      fromMs: null,
      ips: { kind: 'refused' },
    });
  });

  test('has a contrast only where it is one variant beside the incumbent', () => {
    const log = drawLog(1, 600);
    expect(policyValue({ baseline: 1 }, log, known).contrast).toBeNull();
    expect(policyValue({ baseline: 0.5, v1: 0.5 }, log, known).contrast).toBeNull();
    expect(policyValue({ v1: 1 }, log, known).contrast).toMatchObject({ kind: 'estimate' });
  });
});

describe('GET /api/tasks/TASK/values', () => {
  async function world() {
    const api = createApiWorld();
    await api.store.registerTask(sampleTask());
    const decisions = Array.from({ length: 80 }, (_, index) =>
      sampleDecision(`d${index}`, { atMs: startMs + index, propensity: 1 }),
    );
    await api.store.recordDecisions(decisions);
    await api.store.recordFeedback(
      decisions.map((decision, index) => sampleFeedback(decision, { value: index % 2 })),
    );
    return api;
  }

  test('values each arm of the plan, and a policy that is asked for', async () => {
    const { get } = await world();
    expect((await get('/api/tasks/triage/values')).body).toMatchObject({
      incumbentId: 'baseline',
      isCut: false,
      items: [
        { policy: { baseline: 1 }, episodes: 80, snips: { kind: 'estimate', value: 0.5 }, contrast: null },
      ],
    });
    expect((await get('/api/tasks/triage/values?policy=baseline:1&episodes=60')).body).toMatchObject({
      isCut: true,
      items: [{ episodes: 60 }],
    });
  });

  test('says what is wrong with a policy', async () => {
    const { get } = await world();
    for (const policy of [
      'baseline:0.5',
      'baseline:x',
      ':1',
      'baseline:2',
      'baseline:0.5,baseline:0.5',
      'v404',
    ])
      expect(await get(`/api/tasks/triage/values?policy=${policy}`), policy).toMatchObject({
        status: 400,
        body: { param: 'policy' },
      });
  });
});
