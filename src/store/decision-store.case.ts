import { beforeEach, describe, expect, it } from 'vitest';
import { sampleDecision, sampleFeedback, sampleTask, startMs } from './samples.case.ts';
import type { StoreCase } from './store-context.case.ts';

/** Cases of `DecisionStore`. */
export function decisionCases({ store }: StoreCase): void {
  describe('decisions', () => {
    beforeEach(async () => void (await store().registerTask(sampleTask())));

    it('come back as they were written', async () => {
      const decision = sampleDecision('d1', { usage: null, segment: 'vip', traceId: 'a'.repeat(32) });
      await store().recordDecisions([decision]);
      const [trace] = await store().readTraces({ taskId: 'triage', order: 'newest', limit: 5 });
      expect(trace?.decision).toEqual(decision);
    });

    it('are stored once, also when a batch is sent again or names one twice', async () => {
      const batch = [sampleDecision('d1'), sampleDecision('d2'), sampleDecision('d1')];
      await store().recordDecisions(batch);
      await store().recordDecisions([...batch, sampleDecision('d1', { model: 'other' })]);
      const traces = await store().readTraces({ taskId: 'triage', order: 'oldest', limit: 9 });
      expect(traces.map(({ decision }) => [decision.decisionId, decision.model])).toEqual([
        ['d1', 'gpt-4o-mini'],
        ['d2', 'gpt-4o-mini'],
      ]);
    });

    it('are refused as a batch where one has an impossible propensity', async () => {
      const batch = [sampleDecision('d1'), sampleDecision('d2', { propensity: 0 })];
      await expect(store().recordDecisions(batch)).rejects.toThrow(/propensity/);
      expect(await store().readTraces({ taskId: 'triage', order: 'oldest', limit: 9 })).toEqual([]);
    });

    it('accept an empty batch and a large one', async () => {
      await store().recordDecisions([]);
      const many = Array.from({ length: 700 }, (_, index) =>
        sampleDecision(`d${index}`, { atMs: startMs + index }),
      );
      await store().recordDecisions(many);
      const traces = await store().readTraces({ taskId: 'triage', order: 'newest', limit: 1000 });
      expect(traces).toHaveLength(700);
      expect(traces[0]?.decision.decisionId).toBe('d699');
    });
  });

  describe('an episode', () => {
    const first = sampleDecision('t1', {
      episodeId: 'run',
      variantId: 'v1',
      propensity: 0.25,
      planVersion: 3,
    });
    const record = { episodeId: 'run', taskId: 'triage', variantId: 'v1', propensity: 0.25, planVersion: 3 };

    it('is found by its id, within its scope only', async () => {
      await store().recordDecisions([first]);
      expect(await store().findEpisode('key-1', 'run')).toEqual(record);
      expect(await store().findEpisode('key-2', 'run')).toBeUndefined();
      expect(await store().findEpisode('key-1', 'other')).toBeUndefined();
    });

    it('is found by conversation key, the newest conversation where several began alike', async () => {
      const older = sampleDecision('o1', { conversationKey: 'hmac', atMs: startMs - 5, variantId: 'v0' });
      await store().recordDecisions([{ ...first, conversationKey: 'hmac' }, older]);
      expect(await store().findEpisode('key-1', 'hmac')).toEqual(record);
      expect(await store().findEpisode('key-1', 'hmac', 'another-task')).toBeUndefined();
    });

    it('is found by the completion id of any of its turns', async () => {
      const later = sampleDecision('t2', { episodeId: 'run', attribution: 'removed', atMs: startMs + 9 });
      await store().recordDecisions([first, { ...later, completionId: 'resp_2' }]);
      expect(await store().findEpisode('key-1', 'resp_2')).toEqual(record);
      expect(await store().findEpisode('key-1', 'resp_2', 'triage')).toEqual(record);
      expect(await store().findEpisode('key-1', 'resp_2', 'another-task')).toBeUndefined();
      expect(await store().findEpisode('key-2', 'resp_2')).toBeUndefined();
    });

    it('keeps the first draw for later turns', async () => {
      const later = sampleDecision('t2', { episodeId: 'run', variantId: 'v2', atMs: startMs + 9 });
      await store().recordDecisions([first, later]);
      expect(await store().findEpisode('key-1', 'run')).toEqual(record);
    });

    it('has a draw per task', async () => {
      const other = sampleDecision('x1', {
        episodeId: 'run',
        taskId: 'reply',
        variantId: 'w1',
        atMs: startMs + 1,
      });
      await store().recordDecisions([first, other]);
      expect(await store().findEpisode('key-1', 'run')).toEqual(record);
      expect(await store().findEpisode('key-1', 'run', 'reply')).toMatchObject({
        taskId: 'reply',
        variantId: 'w1',
      });
      expect(await store().findEpisode('key-1', 'run', 'triage')).toEqual(record);
    });

    it.each(['pinned', 'unattributed', 'removed'] as const)(
      'without a draw (%s) is not found',
      async (attribution) => {
        await store().recordDecisions([{ ...first, attribution }]);
        expect(await store().findEpisode('key-1', 'run')).toBeUndefined();
      },
    );

    it('is known from a signed id in feedback, before its decision is stored', async () => {
      await store().registerTask(sampleTask());
      await store().recordFeedback([sampleFeedback(first, { value: 1 })]);
      expect(await store().findEpisode('key-1', 'run')).toEqual(record);
    });
  });
}
