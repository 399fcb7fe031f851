import { beforeEach, describe, expect, it } from 'vitest';
import type { OutcomeQuery } from './outcome-store.ts';
import { dayMs, sampleDecision, sampleFeedback, sampleTask, startMs } from './samples.case.ts';
import type { StoreCase } from './store-context.case.ts';

/** Cases of `OutcomeStore`. */
export function outcomeCases({ store, setNowMs }: StoreCase): void {
  const read = async (change: Partial<OutcomeQuery> = {}) =>
    await store().readEpisodeOutcomes({ taskId: 'triage', order: 'oldest', limit: 10, ...change });
  const idsOf = async (change: Partial<OutcomeQuery> = {}): Promise<readonly string[]> =>
    (await read(change)).map(({ episodeId }) => episodeId);

  describe('outcomes of episodes', () => {
    const first = sampleDecision('d1', { segment: 'money' });
    const second = sampleDecision('d2', { atMs: startMs + 1, planVersion: 2, propensity: 0.25 });
    beforeEach(async () => {
      await store().registerTask(sampleTask());
      await store().recordDecisions([first, second, sampleDecision('d3', { attribution: 'pinned' })]);
    });

    it('tell draw, segment, reward and values as they stand after every correction', async () => {
      await store().recordFeedback([
        sampleFeedback(first, { value: 0 }),
        sampleFeedback(first, { value: 1 }, { atMs: startMs + 2000 }),
        sampleFeedback(first, { metric: 'latency', value: 4 }),
      ]);
      expect(await read({ hasReward: true })).toEqual([
        {
          episodeId: 'd1',
          variantId: 'baseline',
          propensity: 0.5,
          planVersion: 1,
          decidedAtMs: startMs,
          segment: 'money',
          reward: 1,
          values: { score: 1, latency: 4 },
          latencyMs: 250.5,
          costUsd: 0.00001,
        },
      ]);
    });

    it('are those of drawn episodes, in the order asked for', async () => {
      expect(await idsOf()).toEqual(['d1', 'd2']);
      expect(await idsOf({ order: 'newest' })).toEqual(['d2', 'd1']);
      expect(await idsOf({ order: 'newest', limit: 1 })).toEqual(['d2']);
      expect(await idsOf({ limit: 0 })).toEqual([]);
      expect(await idsOf({ taskId: 'other' })).toEqual([]);
    });

    it('are bounded by time and by plan', async () => {
      expect(await idsOf({ afterMs: startMs })).toEqual(['d2']);
      expect(await idsOf({ untilMs: startMs })).toEqual(['d1']);
      expect(await idsOf({ planVersionMin: 2 })).toEqual(['d2']);
      expect(await read({ planVersionMin: 2 })).toMatchObject([{ reward: null, segment: null, values: {} }]);
    });

    it('of a conversation have the mean of its values and the segment of its first request', async () => {
      const turns = [0, 1].map((turn) =>
        sampleDecision(`t${turn}`, {
          episodeId: 'run',
          atMs: startMs + 10 + turn,
          segment: turn === 0 ? 'access' : 'money',
          latencyMs: 100 + 200 * turn,
          costUsd: turn === 0 ? null : 0.5,
        }),
      );
      await store().recordDecisions(turns);
      await store().recordFeedback(
        turns.map((turn, index) => sampleFeedback(turn, { metric: 'latency', value: 2 + 4 * index })),
      );
      expect(await read({ afterMs: startMs + 5 })).toMatchObject([
        {
          episodeId: 'run',
          segment: 'access',
          reward: null,
          values: { latency: 4 },
          latencyMs: 200,
          costUsd: 0.5,
        },
      ]);
    });

    it('are settled once their window has closed', async () => {
      expect(await idsOf({ isSettled: true })).toEqual([]);
      setNowMs(startMs + dayMs);
      await store().sweep(startMs + dayMs);
      expect(await idsOf({ isSettled: true })).toEqual(['d1', 'd2']);
    });
  });
}
