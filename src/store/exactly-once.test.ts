import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeFold } from './fake-fold.case.ts';
import { openSqliteStore } from './kysely/sqlite-store.ts';
import { createMemoryStore } from './memory/memory-store.ts';
import { dayMs, sampleTask, startMs } from './samples.case.ts';
import { disorders, inOrder, type Arrival } from './scenario.case.ts';
import type { Store } from './store.ts';

const random = { next: () => 0.5 };
const clock = { now: () => startMs };

async function arrive(store: Store, arrivals: readonly Arrival[]): Promise<void> {
  await store.registerTask(sampleTask());
  for (const arrival of arrivals)
    if (arrival.kind === 'decision') await store.recordDecisions([arrival.decision]);
    else await store.recordFeedback([arrival.feedback]);
}

/** What must not depend on the order in which things came. */
async function finalState(store: Store) {
  await store.sweep(startMs + 2 * dayMs);
  const traces = await store.readTraces({ taskId: 'triage', order: 'oldest', limit: 100 });
  const events = await store.readRewards('triage', 0, 100);
  const task = await store.readTask('triage');
  const arm = task?.bandit.arms['baseline'];
  return {
    observations: arm?.N,
    // Rounded, since a sum of floating-point differences depends on their order in its last bits; + 0 has one zero.
    rewards: Math.round((arm?.S ?? 0) * 1e9) / 1e9 + 0,
    selected: arm?.sel,
    observed: arm?.obs,
    episodes: events.map(({ episodeId }) => episodeId).toSorted(),
    traces: traces.map(({ decision, reward }) => [decision.decisionId, reward]),
  };
}

async function expectSameEnd(open: () => Promise<Store>, runs: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(disorders, async ({ scenario, arrivals }) => {
      const ordered = await open();
      await arrive(ordered, inOrder(scenario));
      const disordered = await open();
      await arrive(disordered, arrivals);
      const end = await finalState(disordered);
      expect(end).toEqual(await finalState(ordered));
      expect(end.episodes).toEqual([...new Set(end.episodes)]);
      expect(end.episodes).toHaveLength(end.observations ?? 0);
      await ordered.close();
      await disordered.close();
    }),
    { numRuns: runs },
  );
}

describe('decisions and feedback in any order, with repeats', () => {
  it('end in the same counts, each episode observed once, in memory', async () => {
    await expectSameEnd(async () => createMemoryStore({ fold: fakeFold, clock, random }), 200);
  });

  it('end in the same counts, each episode observed once, in SQLite', async () => {
    await expectSameEnd(
      () => openSqliteStore({ path: ':memory:', fold: fakeFold, clock, random, mode: 'writer' }),
      15,
    );
  });
});
