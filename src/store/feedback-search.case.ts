import { beforeEach, describe, expect, it } from 'vitest';
import type { FeedbackQuery, FeedbackRecord } from './feedback-search.ts';
import type { Place } from './place.ts';
import { sampleDecision, sampleFeedback, sampleTask, startMs } from './samples.case.ts';
import type { StoreCase } from './store-context.case.ts';

/** Cases of `FeedbackSearch`. */
export function feedbackSearchCases({ store }: StoreCase): void {
  const find = async (query: Partial<FeedbackQuery>): Promise<readonly FeedbackRecord[]> => {
    const found: FeedbackRecord[] = [];
    let from: Place | undefined;
    for (;;) {
      const part = await store().readFeedback({ limit: 500, ...query, ...(from && { from }) });
      found.push(...part.items);
      if (part.next === null) return found;
      from = part.next;
    }
  };
  const one = sampleDecision('d1', { episodeId: 'run-1' });
  const other = sampleDecision('d2', { taskId: 'reply' });

  describe('the search for feedback', () => {
    beforeEach(async () => {
      await store().registerTask(sampleTask());
      await store().registerTask(sampleTask({ id: 'reply' }));
      await store().recordDecisions([one, other]);
      await store().recordFeedback([
        sampleFeedback(one, { value: 0.5 }, { atMs: startMs + 1 }),
        sampleFeedback(
          'run-1',
          { comment: 'fine', expected: 'billing' },
          { atMs: startMs + 2, tags: { user: 'u1' } },
        ),
        sampleFeedback(other, { value: 1 }, { atMs: startMs + 3 }),
        sampleFeedback('unknown', { value: 0 }, { atMs: startMs + 4, scope: 'key-2' }),
      ]);
    });

    it.each<[string, Partial<FeedbackQuery>, readonly string[]]>([
      ['all, newest first', {}, ['unknown', 'd2', 'run-1', 'd1']],
      ['about a task and its episodes', { taskId: 'triage' }, ['run-1', 'd1']],
      ['about an episode', { episodeId: 'run-1' }, ['run-1', 'd1']],
      ['about a decision', { decisionId: 'd1' }, ['d1']],
      ['of a scope', { scope: 'key-2' }, ['unknown']],
      ['between two times', { afterMs: startMs + 1, untilMs: startMs + 3 }, ['d2', 'run-1']],
    ])('finds it %s, in parts of any size', async (_, query, targets) => {
      for (const limit of [1, 3, 500])
        expect((await find({ ...query, limit })).map(({ target }) => target)).toEqual(targets);
    });

    it('tells what became of each', async () => {
      const [pending, , comment, value] = await find({});
      expect(pending).toMatchObject({ state: 'pending', episodeId: null, taskId: null, isCounted: false });
      expect(comment).toMatchObject({
        state: 'resolved',
        episodeId: 'run-1',
        decisionId: null,
        comment: 'fine',
        expected: 'billing',
        tags: { user: 'u1' },
      });
      expect(value).toMatchObject({ decisionId: 'd1', metric: 'score', value: 0.5, isCounted: true });
    });
  });
}
