import { expect } from 'vitest';
import { banditFold } from '../bandit/fold.ts';
import { isChat } from '../domain/agent-request.ts';
import { moveCampaign, type Campaign } from '../domain/campaign.ts';
import type { ChatRequest } from '../domain/chat.ts';
import type { Logger } from '../domain/logger.ts';
import { firstPlan, type ServingPlan } from '../domain/plan.ts';
import { defaultTaskConfig, type Task, type TaskConfig } from '../domain/task.ts';
import { createSeededRandom } from '../runtime/seeded-random.ts';
import { createMemoryStore } from '../store/memory/memory-store.ts';
import type { Store } from '../store/store.ts';
import { silentTelemetry, type CampaignStep, type Telemetry } from '../telemetry/telemetry.ts';
import type { ChatModel } from '../upstream/chat-model.ts';
import { runLearnerCycle } from './cycle.ts';
import { taskOf, traceOf, verdictOf, type TraceFields } from './fixtures.case.ts';
import type { LearnerDeps, LearnerReport, TaskOutcome } from './learner-deps.ts';
import { createLearnerMemory } from './learner-memory.ts';

export const startMs = 1_700_000_000_000;
const price = { inputPerMillion: 1, outputPerMillion: 1 };
const usage = { inputTokens: 500, outputTokens: 100 };

/** An answer of the optimizer model that proposes to insert these texts. */
export function proposing(...texts: readonly string[]): string {
  return JSON.stringify({
    proposals: texts.map((text) => ({
      intent: `add ${text.slice(0, 20)}`,
      edits: [{ op: 'insert', text, find: null, after: null }],
    })),
  });
}

type Answer = (request: ChatRequest) => string | Error | Promise<string>;

/** A learner with a store behind it, a model that answers as told, and a clock that stands still. */
export interface House {
  readonly deps: LearnerDeps;
  readonly store: Store;
  readonly requests: ChatRequest[];
  readonly logs: { readonly event: string; readonly fields: unknown }[];
  readonly steps: CampaignStep[];
  readonly counts: { readonly name: string; readonly value: number; readonly labels: unknown }[];
  readonly clock: { nowMs: number };
  answer: Answer;
  readonly cycle: (change?: Partial<LearnerDeps>) => Promise<LearnerReport>;
  /** The outcome of one cycle for a task. */
  readonly outcome: (taskId?: string) => Promise<TaskOutcome | undefined>;
  readonly campaigns: (taskId?: string) => Promise<readonly Campaign[]>;
  readonly feed: (traces: readonly TraceFields[], taskId?: string) => Promise<void>;
}

/** A house whose tasks have no traffic yet. */
export async function houseWith(
  tasks: readonly Task[] = [taskOf()],
  answer: Answer = () => proposing('Be brief.'),
): Promise<House> {
  const clock = { nowMs: startMs };
  const now = { now: () => clock.nowMs };
  const store = createMemoryStore({ fold: banditFold, clock: now, random: createSeededRandom(1) });
  for (const task of tasks) await store.registerTask(task);

  const requests: ChatRequest[] = [];
  const logs: { event: string; fields: unknown }[] = [];
  const steps: CampaignStep[] = [];
  const counts: { name: string; value: number; labels: unknown }[] = [];
  const log = (event: string, fields?: unknown): void => void logs.push({ event, fields });
  const logger: Logger = { debug: log, info: log, warn: log, error: log };
  const telemetry: Telemetry = {
    ...silentTelemetry,
    startCampaignStep: (step) => {
      steps.push(step);
      return silentTelemetry.startCampaignStep(step);
    },
    count: (name, value, labels) => void counts.push({ name, value, labels }),
  };
  const model: ChatModel = {
    complete: async (request) => {
      if (!isChat(request)) throw new Error('optimizers are asked by chat');
      requests.push(request);
      const text = await house.answer(request);
      if (text instanceof Error) throw text;
      return {
        completion: { text, toolCalls: [], finishReason: 'stop', refusal: null },
        usage,
        latencyMs: 1,
      };
    },
  };
  const deps: LearnerDeps = {
    store,
    model,
    optimizerModelName: 'optimizer',
    clock: now,
    random: createSeededRandom(2),
    logger,
    telemetry,
    priceOf: () => price,
    memory: createLearnerMemory(),
  };
  let fed = 0;
  const house: House = {
    deps,
    store,
    requests,
    logs,
    steps,
    counts,
    clock,
    answer,
    cycle: async (change = {}) => await runLearnerCycle({ ...deps, ...change }),
    outcome: async (taskId = 'task') => {
      const report = await house.cycle();
      return report.kind === 'ran' ? report.tasks.find((task) => task.taskId === taskId)?.outcome : undefined;
    },
    campaigns: async (taskId = 'task') => await store.readCampaigns(taskId, 'all'),
    feed: async (traces, taskId = 'task') => {
      for (const fields of traces) {
        fed += 1;
        const id = fields.id ?? `${taskId}-${fed}`;
        const trace = traceOf({ input: `input ${fed}`, ...fields, id, atMs: clock.nowMs - 1_000_000 + fed });
        const decision = { ...trace.decision, taskId };
        await store.recordDecisions([decision]);
        const body = { metric: 'score', value: trace.reward, comment: null, expected: trace.expected };
        await store.recordFeedback([
          {
            target: { kind: 'decision', ref: decision },
            body: trace.comments.length > 0 ? { ...body, comment: trace.comments[0] ?? null } : body,
            key: id,
            source: 'test',
            scope: 'scope',
            tags: {},
            atMs: clock.nowMs,
          },
        ]);
      }
    },
  };
  return house;
}

/** Requests that all failed. */
export const failures = (count: number): readonly TraceFields[] =>
  Array.from({ length: count }, () => ({ reward: 0 }));

/** Optimizers take turns here; what is learned about them has tests of its own. */
const inTurns: Partial<TaskConfig> = {
  learner: { ...defaultTaskConfig.learner, choice: 'turns', warmStart: 'off' },
};

/** A house with one task that has failed 20 times. */
export async function busyHouse(answer?: Answer, config: Partial<TaskConfig> = {}): Promise<House> {
  const house = await houseWith([taskOf({ ...inTurns, ...config })], answer);
  await house.feed(failures(20));
  return house;
}

/** Ends a campaign the way the gate would. */
export async function reject(house: House, campaign: Campaign): Promise<void> {
  const rejected = moveCampaign(campaign, 'rejected', {
    atMs: house.clock.nowMs,
    reason: 'test',
    verdict: verdictOf(-0.1),
  });
  expect(await house.store.commitGate({ taskId: campaign.taskId, campaigns: [rejected] })).toBe('committed');
}

/** Makes a campaign's candidate the incumbent, the way the gate would. */
export async function promote(house: House, campaign: Campaign | undefined): Promise<void> {
  const plan = (await house.store.readTask('task'))?.plan;
  if (plan === undefined || campaign === undefined) throw new Error('nothing to promote');
  let moved = campaign;
  for (const state of ['screened', 'shadow', 'canary', 'promoted'] as const) {
    moved = moveCampaign(moved, state, { atMs: house.clock.nowMs, reason: 'test' });
    expect(await house.store.commitGate({ taskId: 'task', campaigns: [moved] })).toBe('committed');
  }
  const { variant } = campaign.proposal;
  const promoted: ServingPlan = {
    ...plan,
    version: plan.version + 1,
    incumbentId: variant.id,
    arms: [
      { variantId: 'baseline', status: 'baseline', cap: 1 },
      { variantId: variant.id, status: 'incumbent', cap: 1 },
    ],
    cause: { kind: 'promoted', campaignId: campaign.id },
  };
  expect(await house.store.commitGate({ taskId: 'task', plan: promoted })).toBe('committed');
}

/** Takes the agent back to its own prompt, the way the gate would after an alarm. */
export async function rollBack(house: House): Promise<void> {
  const plan = (await house.store.readTask('task'))?.plan;
  if (plan === undefined) throw new Error('no plan');
  const rolledBack: ServingPlan = {
    ...firstPlan('task', 1, house.clock.nowMs),
    version: plan.version + 1,
    cause: { kind: 'rolled-back', campaignId: null, reason: 'regression' },
  };
  expect(await house.store.commitGate({ taskId: 'task', plan: rolledBack })).toBe('committed');
}

/** The developer ships another prompt, and the gate starts over on it. */
export async function changePrompt(house: House): Promise<void> {
  const plan = (await house.store.readTask('task'))?.plan;
  if (plan === undefined) throw new Error('no plan');
  await house.store.saveBaseline('task', taskOf({}, { version: 2, stableFor: 99 }).baseline);
  const changed: ServingPlan = {
    ...firstPlan('task', 2, house.clock.nowMs),
    version: plan.version + 1,
    cause: { kind: 'baseline-changed' },
  };
  expect(await house.store.commitGate({ taskId: 'task', plan: changed })).toBe('committed');
}
