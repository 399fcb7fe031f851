import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Decision } from '../../src/domain/decision.ts';
import type { Feedback } from '../../src/domain/feedback.ts';
import type { Random } from '../../src/domain/random.ts';
import { RatchetError } from '../../src/domain/ratchet-error.ts';
import { createSeededRandom } from '../../src/runtime/seeded-random.ts';
import { createDecisionLog, type StoppableDecisionLog } from '../../src/store/cached/decision-log.ts';
import { createSnapshotCache, type SnapshotCache } from '../../src/store/cached/snapshot-cache.ts';
import { fakeFold } from '../../src/store/fake-fold.case.ts';
import { createMemoryStore } from '../../src/store/memory/memory-store.ts';
import { sampleDecision, sampleFeedback, sampleTask, startMs } from '../../src/store/samples.case.ts';
import type { Store } from '../../src/store/store.ts';

/** Schedules that are tried; each is decided by its number alone. */
const schedules = 4_000;
const stepsPerSchedule = 40;
const replicasCount = 3;

/** Longest time of a call, and chances that its way there or back is lost. */
const callMsMax = 250;
const lossShare = 0.12;

interface Replica {
  readonly log: StoppableDecisionLog;
  readonly cache: SnapshotCache;
  /** Versions of the plan that it has served by, in their order. */
  readonly served: number[];
}

/** A network between processes and their store, which is slow and loses calls until it is mended. */
interface Wire {
  readonly call: <Result>(work: () => Promise<Result>) => Promise<Result>;
  readonly mend: () => void;
}

function createWire(random: Random): Wire {
  let isMended = false;
  const lose = (): void => {
    if (!isMended && random.next() < lossShare)
      throw new RatchetError('store_unavailable', 'the way to the store is lost', { isRetryable: true });
  };
  const travel = async (): Promise<void> =>
    new Promise((resolve) => setTimeout(resolve, Math.floor(random.next() * callMsMax)));
  return {
    call: async (work) => {
      await travel();
      lose();
      const result = await work();
      await travel();
      lose();
      return result;
    },
    mend: () => {
      isMended = true;
    },
  };
}

function startReplica(store: Store, wire: Wire, random: Random): Replica {
  const served: number[] = [];
  const cache = createSnapshotCache(
    { readSnapshot: async (revision) => wire.call(async () => store.readSnapshot(revision)) },
    { onChange: ([changed]) => void (changed !== undefined && served.push(changed.plan.version)) },
  );
  // Some are told of changes, and never of any: every notice is lost.
  cache.relyOnNotices(random.next() < 0.5);
  const log = createDecisionLog(
    { recordDecisions: async (decisions) => wire.call(async () => store.recordDecisions(decisions)) },
    { capacity: 1_000, batchMax: 5, intervalMs: 50, onDrop: () => {} },
  );
  return { log, cache, served };
}

/** Whoever gives feedback gives it again until it is acknowledged, and sometimes once more. */
async function giveFeedback(store: Store, wire: Wire, feedback: Feedback, times: number): Promise<void> {
  const isAcknowledged = async (): Promise<boolean> =>
    wire
      .call(async () => store.recordFeedback([feedback]))
      .then(
        () => true,
        () => false,
      );
  let left = times;
  while (left > 0) if (await isAcknowledged()) left -= 1;
}

/** A gate's step: reads, and commits what follows from it. Resolves to the version that it was told is its own. */
async function commitPlan(store: Store, wire: Wire, leader: string): Promise<string | undefined> {
  try {
    const known = await wire.call(async () => store.readTask('triage'));
    if (known === undefined) return undefined;
    const version = known.plan.version + 1;
    const cause = { kind: 'promoted', campaignId: leader } as const;
    const plan = { ...known.plan, version, cause };
    const outcome = await wire.call(async () => store.commitGate({ taskId: 'triage', plan }));
    return outcome === 'committed' ? `${version} by ${leader}` : undefined;
  } catch {
    // Whether it was committed is unknown.
    return undefined;
  }
}

async function runSchedule(seed: number): Promise<void> {
  const random = createSeededRandom(seed);
  const pick = (count: number): number => Math.floor(random.next() * count);
  const store = createMemoryStore({ fold: fakeFold, clock: { now: () => startMs }, random });
  await store.registerTask(sampleTask());
  const wire = createWire(random);
  const replicas = Array.from({ length: replicasCount }, () => startReplica(store, wire, random));
  const asked: Decision[] = [];
  const scored = new Set<number>();
  const underWay: Promise<unknown>[] = [];
  const told: string[] = [];
  for (let step = 0; step < stepsPerSchedule; step += 1) {
    const action = pick(10);
    const replica = replicas[pick(replicasCount)];
    if (action < 4 && replica !== undefined) {
      const decision = sampleDecision(`d${asked.length}`, {
        planVersion: replica.cache.get('triage')?.plan.version ?? 1,
      });
      asked.push(decision);
      replica.log.append(decision);
    } else if (action < 8 && asked.length > 0) {
      const index = pick(asked.length);
      const decision = asked[index];
      if (decision === undefined) continue;
      scored.add(index);
      const target = pick(2) === 0 ? decision : `chatcmpl-d${index}`;
      const feedback = sampleFeedback(target, { value: (index % 5) / 4 }, { key: `score of ${index}` });
      underWay.push(giveFeedback(store, wire, feedback, 1 + pick(2)));
    } else {
      const leader = `leader ${pick(2)} at ${step}`;
      underWay.push(commitPlan(store, wire, leader).then((own) => own !== undefined && told.push(own)));
    }
    await vi.advanceTimersByTimeAsync(pick(120));
  }
  wire.mend();
  const flushed = Promise.all([...underWay, ...replicas.map(async ({ log }) => log.flush())]);
  await vi.advanceTimersByTimeAsync(8_000);
  await flushed;
  for (const { log, cache } of replicas) {
    expect(log.depth()).toBe(0);
    cache.stop();
    void log.stop();
  }
  await expectConsistent({ store, replicas, asked, scored, told });
}

interface Outcome {
  readonly store: Store;
  readonly replicas: readonly Replica[];
  readonly asked: readonly Decision[];
  readonly scored: ReadonlySet<number>;
  readonly told: readonly string[];
}

async function expectConsistent({ store, replicas, asked, scored, told }: Outcome): Promise<void> {
  const task = await store.readTask('triage');
  // Each request is recorded once, each that was scored is counted once, and the sums are those of the rows.
  const traces = await store.readTraces({ taskId: 'triage', order: 'oldest', limit: 1_000 });
  expect(traces.map(({ decision }) => decision.decisionId).toSorted()).toEqual(
    asked.map(({ decisionId }) => decisionId).toSorted(),
  );
  const rewards = await store.readRewards('triage', 0, 1_000);
  expect(rewards.map(({ episodeId }) => episodeId).toSorted()).toEqual(
    [...scored].map((index) => `d${index}`).toSorted(),
  );
  expect(task?.bandit.feedbacks).toBe(scored.size);
  const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
  expect(sumOf(rewards.map(({ reward }) => reward))).toBeCloseTo(
    sumOf([...scored].map((index) => (index % 5) / 4)),
    9,
  );
  // Plans follow one another, whoever was told to have committed one has, and all replicas serve by the newest.
  const plans = (await store.readPlans('triage', 1_000)).toReversed();
  expect(plans.map(({ version }) => version)).toEqual(plans.map((_, index) => index + 1));
  const committed = plans.map(({ version, cause }) =>
    cause.kind === 'promoted' ? `${version} by ${cause.campaignId}` : '',
  );
  for (const own of told) expect(committed).toContain(own);
  for (const { cache, served } of replicas) {
    expect(cache.get('triage')?.plan.version).toBe(plans.length);
    expect(served).toEqual(served.toSorted((one, other) => one - other));
  }
}

describe('replicas, leaders and clients on one store, under any schedule of slow and lost calls', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it(`record and count everything once, and serve by one succession of plans (${schedules} schedules)`, async () => {
    for (let seed = 1; seed <= schedules; seed += 1)
      await runSchedule(seed).catch((cause: unknown) => {
        throw new Error(`schedule ${seed} ended wrong`, { cause });
      });
  }, 120_000);
});
