import { beforeEach, describe, expect, it } from 'vitest';
import { sampleDecision, sampleFeedback, sampleTask, startMs } from './samples.case.ts';
import type { StoreCase } from './store-context.case.ts';
import type { TraceQuery } from './trace-store.ts';

/** Cases of `TraceStore`. */
export function traceCases({ store }: StoreCase): void {
  const read = async (query: Partial<TraceQuery> = {}) =>
    store().readTraces({ taskId: 'triage', order: 'oldest', limit: 100, ...query });
  const ids = async (query: Partial<TraceQuery> = {}): Promise<readonly string[]> =>
    (await read(query)).map(({ decision }) => decision.decisionId);
  const decisions = ['d1', 'd2', 'd3', 'd4', 'd5'].map((id, index) =>
    sampleDecision(id, { atMs: startMs + index * 10, baselineVersion: index < 2 ? 1 : 2 }),
  );

  describe('traces', () => {
    beforeEach(async () => {
      await store().registerTask(sampleTask());
      await store().recordDecisions([
        ...decisions,
        sampleDecision('text-free', { content: null }),
        sampleDecision('elsewhere', { taskId: 'reply' }),
      ]);
    });

    it.each<[string, Partial<TraceQuery>, readonly string[]]>([
      ['all with content, oldest first', {}, ['d1', 'd2', 'd3', 'd4', 'd5']],
      ['newest first', { order: 'newest' }, ['d5', 'd4', 'd3', 'd2', 'd1']],
      ['as many as asked for', { order: 'newest', limit: 2 }, ['d5', 'd4']],
      ['none if none is asked for', { limit: 0 }, []],
      ['those after a moment', { afterMs: startMs + 20 }, ['d4', 'd5']],
      ['those up to a moment', { untilMs: startMs + 20 }, ['d1', 'd2', 'd3']],
      ['those between', { afterMs: startMs, untilMs: startMs + 20, order: 'newest' }, ['d3', 'd2']],
      ['those of a baseline version', { baselineVersion: 2 }, ['d3', 'd4', 'd5']],
      ['those of another task', { taskId: 'reply' }, ['elsewhere']],
    ])('are %s', async (_, query, expected) => {
      expect(await ids(query)).toEqual(expected);
    });

    it('show the reward of the decision, else that of its episode', async () => {
      await store().recordDecisions([
        sampleDecision('t1', { episodeId: 'run', atMs: startMs + 100 }),
        sampleDecision('t2', { episodeId: 'run', atMs: startMs + 101, attribution: 'pinned' }),
      ]);
      await store().recordFeedback([
        sampleFeedback('run', { value: 0.75 }),
        sampleFeedback('chatcmpl-t2', { value: 0.25 }),
      ]);
      await store().recordDecisions([sampleDecision('t3', { episodeId: 'run', atMs: startMs + 102 })]);
      const traces = await read({ hasReward: true });
      expect(traces.map(({ decision, reward }) => [decision.decisionId, reward])).toEqual([
        ['t1', 0.75],
        ['t2', 0.25],
        ['t3', 0.75],
      ]);
      expect(await ids({ hasReward: false })).toEqual(['d1', 'd2', 'd3', 'd4', 'd5']);
    });

    it('show comments in the order in which they came', async () => {
      await store().recordFeedback([
        sampleFeedback('chatcmpl-d1', { comment: 'wrong queue' }, { key: 'a' }),
        sampleFeedback('d1', { comment: 'angry user', value: 0 }, { key: 'b' }),
        sampleFeedback('chatcmpl-d2', { comment: 'elsewhere' }, { key: 'c' }),
      ]);
      expect((await read({ limit: 1 }))[0]).toMatchObject({
        comments: ['wrong queue', 'angry user'],
        reward: 0,
      });
    });

    it('show ground truth of the decision, else the newest of an equal input', async () => {
      const same = [1, 2, 3].map((index) =>
        sampleDecision(`s${index}`, { inputHash: 'same', atMs: startMs + 200 + index }),
      );
      await store().recordDecisions(same.slice(0, 2));
      await store().recordFeedback([
        sampleFeedback('chatcmpl-s1', { expected: 'billing' }, { atMs: startMs + 300 }),
        sampleFeedback(
          sampleDecision('other-task', { taskId: 'reply' }),
          { expected: 'no' },
          { atMs: startMs + 900 },
        ),
      ]);
      await store().recordDecisions(same.slice(2));
      const truths = async () =>
        (await read({ hasExpected: true })).map(({ decision, expected }) => [decision.decisionId, expected]);
      expect(await truths()).toEqual([
        ['s1', 'billing'],
        ['s2', 'billing'],
        ['s3', 'billing'],
      ]);
      await store().recordFeedback([
        sampleFeedback('chatcmpl-s3', { expected: 'refunds' }, { atMs: startMs + 400 }),
      ]);
      expect(await truths()).toEqual([
        ['s1', 'billing'],
        ['s2', 'refunds'],
        ['s3', 'refunds'],
      ]);
      expect(await ids({ hasExpected: false })).toEqual(['d1', 'd2', 'd3', 'd4', 'd5']);
    });

    it('tie ground truth that came first, and that of an episode, to the input they are about', async () => {
      const turns = [1, 2].map((index) =>
        sampleDecision(`t${index}`, { episodeId: 'run', atMs: startMs + 500 + index }),
      );
      await store().recordFeedback([
        sampleFeedback(sampleDecision('early', { atMs: startMs + 499 }), { expected: 'signed' }),
        sampleFeedback('run', { expected: 'answer' }),
      ]);
      await store().recordDecisions([sampleDecision('early', { atMs: startMs + 499 }), ...turns.slice(0, 1)]);
      await store().recordDecisions(turns.slice(1));
      expect(
        (await read({ hasExpected: true })).map(({ decision, expected }) => [decision.decisionId, expected]),
      ).toEqual([
        ['early', 'signed'],
        ['t2', 'answer'],
      ]);
    });

    it('leave out what a campaign has counted', async () => {
      await store().recordPairs([
        { campaignId: 'c1', unitId: 'd2', differences: { primary: 0 } },
        { campaignId: 'c2', unitId: 'd3', differences: { primary: 0 } },
      ]);
      expect(await ids({ notPairedIn: 'c1' })).toEqual(['d1', 'd3', 'd4', 'd5']);
      expect(await ids({ notPairedIn: ['c1', 'c2', 'c3'] })).toEqual(['d1', 'd4', 'd5']);
      expect(await ids({ notPairedIn: [] })).toEqual(['d1', 'd2', 'd3', 'd4', 'd5']);
    });

    it('are those that are named, with or without their text', async () => {
      await store().recordFeedback([sampleFeedback('chatcmpl-text-free', { expected: 'billing' })]);
      const decisionIds = ['d4', 'text-free', 'elsewhere', 'unknown', 'd2'];
      const found = await read({ decisionIds, order: 'newest' });
      expect(found.map(({ decision }) => decision.decisionId).toSorted()).toEqual(['d2', 'd4', 'text-free']);
      expect(found.find(({ decision }) => decision.decisionId === 'text-free')).toMatchObject({
        decision: { content: null },
        expected: 'billing',
      });
      expect(await ids({ decisionIds: ['d4', 'd2'], order: 'newest' })).toEqual(['d4', 'd2']);
      expect(await ids({ decisionIds, untilMs: startMs + 10, order: 'oldest' })).toContain('d2');
      expect(await ids({ decisionIds: [] })).toEqual([]);
    });
  });
}
