import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decision } from '../domain/decision.ts';
import type { Feedback } from '../domain/feedback.ts';
import { fakeFold } from './fake-fold.case.ts';
import { openSqliteStore } from './kysely/sqlite-store.ts';
import { createMemoryStore } from './memory/memory-store.ts';
import {
  hourMs,
  sampleCampaign,
  sampleDecision,
  sampleFeedback,
  sampleGateState,
  samplePlan,
  sampleTask,
  sampleVariant,
  startMs,
} from './samples.case.ts';
import type { Store } from './store.ts';

/** One operation on a store, whose result must not depend on the adapter. */
type Operation =
  | { readonly kind: 'decide'; readonly decisions: readonly number[] }
  | { readonly kind: 'judge'; readonly votes: readonly Vote[] }
  | { readonly kind: 'register'; readonly id: string }
  | { readonly kind: 'propose' }
  | { readonly kind: 'plan'; readonly version: number; readonly cause: number; readonly gate: number }
  | { readonly kind: 'pair'; readonly units: readonly number[] }
  | { readonly kind: 'sweep' };

interface Vote {
  readonly decision: number;
  readonly by: 'signed id' | 'completion id' | 'episode id';
  readonly body: Partial<Feedback['body']>;
  readonly key: number;
  readonly scope: string;
  readonly afterHours: number;
}

const variant = sampleVariant();
const decisionsMax = 12;
const index = fc.nat({ max: decisionsMax - 1 });
const scopes = fc.constantFrom('key-1', 'key-1', 'key-2');

/** Decisions that operations choose from; an id always stands for the same one. */
const pools = fc
  .array(
    fc.record({
      episode: fc.nat({ max: 4 }),
      variantId: fc.constantFrom('baseline', variant.id, 'unknown'),
      planVersion: fc.integer({ min: 1, max: 4 }),
      afterHours: fc.nat({ max: 30 }),
      taskId: fc.constantFrom('triage', 'triage', 'reply'),
      attribution: fc.constantFrom('drawn', 'drawn', 'pinned', 'removed'),
      scope: scopes,
      input: fc.nat({ max: 3 }),
      talk: fc.option(fc.nat({ max: 3 })),
      hasContent: fc.boolean(),
    }),
    { minLength: decisionsMax, maxLength: decisionsMax },
  )
  .map((pool) =>
    pool.map(({ episode, afterHours, input, talk, hasContent, ...rest }, id): Decision => {
      const made = sampleDecision(`d${id}`, {
        ...rest,
        episodeId: `run-${episode}`,
        atMs: startMs + afterHours * hourMs,
        inputHash: `input-${input}`,
        conversationKey: talk === null ? null : `talk-${talk}`,
      });
      return hasContent ? made : { ...made, content: null };
    }),
  );

const vote: fc.Arbitrary<Vote> = fc.record({
  decision: index,
  by: fc.constantFrom('signed id', 'completion id', 'episode id'),
  body: fc.record(
    {
      metric: fc.constantFrom('score', 'resolved', 'latency'),
      value: fc.constantFrom(0, 0.5, 1),
      comment: fc.constantFrom('good', 'bad'),
      expected: fc.constantFrom('billing', 'refunds'),
    },
    { requiredKeys: ['metric', 'value'] },
  ),
  key: fc.nat({ max: 20 }),
  scope: scopes,
  afterHours: fc.nat({ max: 90 }),
});
const causes = [
  { kind: 'canary-started', campaignId: 'c1' },
  { kind: 'rolled-back', campaignId: 'c1', reason: 'regression' },
  { kind: 'baseline-changed' },
] as const;

const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('decide'), decisions: fc.array(index, { maxLength: 4 }) }),
  },
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('judge'), votes: fc.array(vote, { maxLength: 3 }) }),
  },
  fc.record({ kind: fc.constant('register'), id: fc.constantFrom('triage', 'reply') }),
  fc.record({ kind: fc.constant('propose') }),
  fc.record({
    kind: fc.constant('plan'),
    version: fc.integer({ min: 2, max: 5 }),
    cause: fc.nat({ max: 2 }),
    gate: fc.integer({ min: 0, max: 3 }),
  }),
  fc.record({ kind: fc.constant('pair'), units: fc.array(fc.nat({ max: 4 }), { maxLength: 3 }) }),
  fc.record({ kind: fc.constant('sweep') }),
);

async function perform(
  store: Store,
  step: Operation,
  { nowMs, pool }: { readonly nowMs: number; readonly pool: readonly Decision[] },
): Promise<unknown> {
  const pick = (id: number): Decision => pool[id] ?? sampleDecision('absent');
  switch (step.kind) {
    case 'decide':
      return store.recordDecisions(step.decisions.map(pick));
    case 'judge':
      return store.recordFeedback(step.votes.map((each) => feedbackOf(each, pick(each.decision))));
    case 'register':
      return store.registerTask(sampleTask({ id: step.id }));
    case 'propose':
      return store.addCampaign(sampleCampaign('c1'));
    case 'plan': {
      const cause = causes[step.cause] ?? causes[0];
      const plan = samplePlan(step.version, cause.kind === 'canary-started' ? [variant.id] : [], cause);
      const gateState = step.gate === 0 ? {} : { gateState: sampleGateState(step.gate) };
      return store.commitGate({ taskId: 'triage', plan, ...gateState });
    }
    case 'pair':
      return store.recordPairs(
        step.units.map((unit) => ({
          campaignId: 'c1',
          unitId: `run-${unit}`,
          differences: { primary: unit / 4 },
        })),
      );
    case 'sweep':
      return store.sweep(nowMs);
  }
}

function feedbackOf({ by, body, key, scope, afterHours }: Vote, decision: Decision): Feedback {
  const name = by === 'completion id' ? `chatcmpl-${decision.decisionId}` : decision.episodeId;
  const target = by === 'signed id' ? decision : name;
  return sampleFeedback(target, body, { key: `k${key}`, scope, atMs: startMs + afterHours * hourMs });
}

/** All that can be read. */
async function everything(store: Store): Promise<unknown> {
  const query = { taskId: 'triage', order: 'oldest', limit: 100 } as const;
  const keys = [0, 1, 2, 3, 4].flatMap((id) => [`run-${id}`, `talk-${id}`, `chatcmpl-d${id}`]);
  const episodes = ['key-1', 'key-2'].flatMap((scope) =>
    keys.flatMap((key) => [store.findEpisode(scope, key), store.findEpisode(scope, key, 'reply')]),
  );
  return {
    tasks: (await store.readSnapshot(0)).tasks,
    plans: await store.readPlans('triage', 9),
    changes: (await store.readChanges({ after: 0, limit: 999 })).map((change) => ({
      ...change,
      position: 0,
    })),
    decisions: await store.readDecisions({ taskId: 'triage', withText: true, order: 'newest', limit: 99 }),
    given: await store.readFeedback({ limit: 99 }),
    rewards: await store.readRewards('triage', 0, 100),
    outcomes: await store.readEpisodeOutcomes(query),
    settled: await store.readEpisodeOutcomes({ ...query, isSettled: true, order: 'newest', limit: 3 }),
    traces: await store.readTraces(query),
    rewarded: await store.readTraces({ ...query, hasReward: true, order: 'newest', limit: 3 }),
    expected: await store.readTraces({ ...query, hasExpected: true }),
    unpaired: await store.readTraces({ ...query, notPairedIn: 'c1', afterMs: startMs }),
    episodes: await Promise.all(episodes),
    ledger: await store.readLedger('c1'),
    campaigns: await store.readCampaigns('triage', 'all'),
    gate: await store.readGateState('triage'),
  };
}

async function outcomeOf(result: Promise<unknown>): Promise<unknown> {
  try {
    return { value: await result };
  } catch (error) {
    return { error: String(error) };
  }
}

describe('memory and SQLite', () => {
  it('give the same results for any sequence of operations', async () => {
    const steps = fc.array(fc.tuple(operation, fc.nat({ max: 20 })), { minLength: 5, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(pools, steps, async (pool, all) => {
        let nowMs = startMs;
        const settings = {
          fold: fakeFold,
          clock: { now: () => nowMs },
          random: { next: () => 0.5 },
          retentionMs: 40 * hourMs,
        };
        const memory = createMemoryStore(settings);
        const sqlite = await openSqliteStore({ ...settings, path: ':memory:', mode: 'writer' });
        for (const [step, hours] of all) {
          nowMs += hours * hourMs;
          const moment = { nowMs, pool };
          expect(await outcomeOf(perform(sqlite, step, moment))).toEqual(
            await outcomeOf(perform(memory, step, moment)),
          );
        }
        expect(await everything(sqlite)).toEqual(await everything(memory));
        await sqlite.close();
      }),
      { numRuns: 60 },
    );
  });
});
