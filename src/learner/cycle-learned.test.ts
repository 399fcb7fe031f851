import { describe, expect, it } from 'vitest';
import { banditFold } from '../bandit/fold.ts';
import { moveCampaign, type CampaignState } from '../domain/campaign.ts';
import { silentLogger } from '../domain/logger.ts';
import { defaultTaskConfig, type Task, type TaskConfig } from '../domain/task.ts';
import { makeVariant } from '../domain/variant.ts';
import { createSeededRandom } from '../runtime/seeded-random.ts';
import { createMemoryStore } from '../store/memory/memory-store.ts';
import type { Store } from '../store/store.ts';
import { silentTelemetry } from '../telemetry/telemetry.ts';
import { runLearnerCycle } from './cycle.ts';
import { campaignOf, insert, taskOf, traceOf, verdictOf } from './fixtures.case.ts';
import type { LearnerDeps, TaskOutcome } from './learner-deps.ts';
import { createLearnerMemory } from './learner-memory.ts';
import { wordingShares } from './meta/choose-wording.ts';

const nowMs = 1_700_000_000_000;
const proven = insert('List the queues first.');

interface House {
  readonly store: Store;
  readonly calls: () => number;
  readonly logs: { readonly event: string; readonly fields: unknown }[];
  /** What one cycle came to for the task `new`. */
  readonly outcome: () => Promise<TaskOutcome | undefined>;
}

/** A new task with 20 failures beside an older one of that scope whose edit was promoted. */
async function houseWith(
  learner: Partial<TaskConfig['learner']> = {},
  older: Partial<Task> = {},
): Promise<House> {
  const store = createMemoryStore({
    fold: banditFold,
    clock: { now: () => nowMs },
    random: createSeededRandom(1),
  });
  await store.registerTask({ ...taskOf({}, { id: 'old' }), ...older });
  await store.registerTask(taskOf({ learner: { ...defaultTaskConfig.learner, ...learner } }, { id: 'new' }));
  await promote(store);
  for (let index = 0; index < 20; index += 1) {
    const id = `d${index}`;
    const trace = traceOf({ id, input: `input ${index}`, atMs: nowMs - 1000 + index });
    const decision = { ...trace.decision, taskId: 'new' };
    await store.recordDecisions([decision]);
    await store.recordFeedback([
      {
        target: { kind: 'decision', ref: decision },
        body: { metric: 'score', value: 0, comment: null, expected: null },
        key: id,
        source: 'test',
        scope: 'scope',
        tags: {},
        atMs: nowMs,
      },
    ]);
  }
  let calls = 0;
  const logs: { event: string; fields: unknown }[] = [];
  const deps: LearnerDeps = {
    store,
    model: {
      complete: async () => {
        calls += 1;
        const edits = [{ op: 'insert', text: `Idea ${calls}.`, find: null, after: null }];
        const text = JSON.stringify({ proposals: [{ intent: 'help', edits }] });
        return {
          completion: { text, toolCalls: [], finishReason: 'stop', refusal: null },
          usage: { inputTokens: 1, outputTokens: 1 },
          latencyMs: 1,
        };
      },
    },
    optimizerModelName: 'optimizer',
    clock: { now: () => nowMs },
    random: createSeededRandom(2),
    logger: { ...silentLogger, info: (event, fields) => void logs.push({ event, fields }) },
    telemetry: silentTelemetry,
    priceOf: () => ({ inputPerMillion: 1, outputPerMillion: 1 }),
    memory: createLearnerMemory(),
  };
  return {
    store,
    calls: () => calls,
    logs,
    outcome: async () => {
      const report = await runLearnerCycle(deps);
      return report.kind === 'ran' ? report.tasks.find(({ taskId }) => taskId === 'new')?.outcome : undefined;
    },
  };
}

/** The older task's edit goes through a test of 400 pairs that showed a gain of .15. */
async function promote(store: Store): Promise<void> {
  const variant = makeVariant('old', 1, [proven]);
  let campaign = campaignOf({ id: 'origin', variant, state: 'proposed' });
  await store.addCampaign(campaign);
  const verdict = verdictOf(0.15);
  const evidence = { ...verdict.evidence, pairs: 400 };
  for (const to of ['screened', 'shadow', 'canary', 'promoted'] as const satisfies readonly CampaignState[]) {
    const moved = { atMs: nowMs, reason: 'test', verdict: { ...verdict, evidence } };
    campaign = moveCampaign(campaign, to, moved);
    expect(await store.commitGate({ taskId: 'old', campaigns: [campaign] })).toBe('committed');
  }
}

describe('a new task', () => {
  it('first tries what proved itself in another task of its scope, and asks nobody', async () => {
    const house = await houseWith();
    expect(await house.outcome()).toMatchObject({ kind: 'proposed', optimizer: 'warm-start' });
    expect(house.calls()).toBe(0);
    const [campaign] = await house.store.readCampaigns('new', 'all');
    expect(campaign?.proposal).toMatchObject({ variant: { taskId: 'new', edits: [proven] }, costUsd: 0 });
  });

  it.each<[string, Partial<TaskConfig['learner']>, Partial<Task>]>([
    ['of another scope', {}, { scope: 'another' }],
    ['where that is switched off', { warmStart: 'off' }, {}],
  ])('never tries what proved itself in a task %s', async (_, learner, older) => {
    const house = await houseWith(learner, older);
    await house.outcome();
    expect(house.calls()).toBeGreaterThan(0);
    const campaigns = await house.store.readCampaigns('new', 'all');
    expect(campaigns.map(({ proposal }) => proposal.optimizer)).not.toContain('warm-start');
    expect(JSON.stringify(campaigns)).not.toContain('List the queues');
  });

  it('crosses scopes where its configuration says so', async () => {
    const house = await houseWith({ warmStart: 'all' }, { scope: 'another' });
    expect(await house.outcome()).toMatchObject({ optimizer: 'warm-start' });
  });
});

describe('a wording of the optimizer’s instruction', () => {
  it('is drawn where that is switched on, told, and kept with its propensity', async () => {
    const house = await houseWith({ warmStart: 'off', metaPrompt: 'on' });
    await house.outcome();
    const [campaign] = await house.store.readCampaigns('new', 'all');
    const wording = campaign?.proposal.setup?.wording;
    expect(wordingShares([])).toMatchObject({ [wording?.id ?? 'none']: wording?.propensity });
    expect(house.logs.find(({ event }) => event === 'learner.chosen')?.fields).toMatchObject({
      wording: wording?.id,
      propensity: wording?.propensity,
    });
  });
});

describe('a choice', () => {
  it('is told with its reason, and kept with the proposal', async () => {
    const house = await houseWith({ warmStart: 'off', optimizers: ['opro'], batchSize: 10 });
    expect(await house.outcome()).toMatchObject({
      kind: 'proposed',
      optimizer: 'opro',
      chosen: { optimizer: 'opro', batchSize: 10, horizon: 'episode' },
    });
    const [campaign] = await house.store.readCampaigns('new', 'all');
    expect(campaign?.proposal.setup).toEqual({
      batchSize: 10,
      horizon: 'episode',
      calls: 1,
      reason: expect.stringContaining('0.0 of 0.0 proposals promoted'),
    });
    expect(campaign?.proposal.shownDecisionIds).toHaveLength(10);
    expect(house.logs.find(({ event }) => event === 'learner.chosen')?.fields).toMatchObject({
      taskId: 'new',
      optimizer: 'opro',
      batchSize: 10,
    });
  });
});
