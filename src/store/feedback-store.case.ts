import { beforeEach, describe, expect, it } from 'vitest';
import { dayMs, sampleDecision, sampleFeedback, sampleTask, startMs } from './samples.case.ts';
import { feedbackDesk } from './feedback-desk.case.ts';
import type { StoreCase } from './store-context.case.ts';

/** Cases of `FeedbackStore`: what is taken, and what counts. */
export function feedbackCases(context: StoreCase): void {
  const { store } = context;
  const { send, baselineArm, rewards } = feedbackDesk(context);
  const decision = sampleDecision('d1');

  describe('feedback', () => {
    beforeEach(async () => void (await store().registerTask(sampleTask())));

    it('about a recorded decision counts once, whichever way it names it', async () => {
      await store().recordDecisions([decision, sampleDecision('d2'), sampleDecision('d3')]);
      expect(await send(sampleFeedback(decision, { value: 0.5 }))).toEqual(['counted']);
      expect(await send(sampleFeedback('chatcmpl-d2', { value: 1 }))).toEqual(['counted']);
      expect(await send(sampleFeedback('d3', { value: 0.25 }))).toEqual(['counted']);
      expect(await baselineArm()).toMatchObject({ N: 3, S: 1.75 });
    });

    it('about a signed decision that was never recorded counts', async () => {
      expect(await send(sampleFeedback(decision, { value: 0.5 }))).toEqual(['counted']);
      expect(await baselineArm()).toMatchObject({ N: 1, S: 0.5 });
    });

    it('changes nothing when repeated, and its receipt names the same row', async () => {
      const feedback = sampleFeedback(decision, { value: 0.5, comment: 'fine' });
      const [receipt] = await store().recordFeedback([feedback]);
      const before = await store().readTask('triage');
      expect(await store().recordFeedback([{ ...feedback, atMs: startMs + 5000 }, feedback])).toEqual([
        { feedbackId: receipt?.feedbackId, outcome: 'duplicate' },
        { feedbackId: receipt?.feedbackId, outcome: 'duplicate' },
      ]);
      expect(await store().readTask('triage')).toEqual(before);
    });

    it('is corrected by another value of its key, and observed once', async () => {
      await send(sampleFeedback(decision, { value: 0.5 }));
      expect(await send(sampleFeedback(decision, { value: 1 }, { atMs: startMs + 2000 }))).toEqual([
        'replaced',
      ]);
      expect(await baselineArm()).toMatchObject({ N: 1, S: 1 });
      expect(await rewards()).toMatchObject([{ reward: 0.5, episodeId: 'd1' }]);
    });

    it('is corrected also after the clock was set back', async () => {
      const late = startMs + dayMs;
      await send(sampleFeedback(decision, { value: 0.5 }, { atMs: late }));
      expect(await send(sampleFeedback(decision, { value: 1 }, { atMs: startMs + 1000 }))).toEqual([
        'replaced',
      ]);
      expect(await send(sampleFeedback(decision, { value: 0 }, { atMs: startMs + 2000 }))).toEqual([
        'replaced',
      ]);
      expect(await baselineArm()).toMatchObject({ N: 1, S: 0 });
    });

    it('of another key replaces the older value of the same metric', async () => {
      await send(sampleFeedback(decision, { value: 0.25 }));
      expect(
        await send(sampleFeedback(decision, { value: 0.75 }, { key: 'b', atMs: startMs + 2000 })),
      ).toEqual(['replaced']);
      expect(await baselineArm()).toMatchObject({ N: 1, S: 0.75 });
    });

    it('that is older than the value that counts is noted', async () => {
      await send(sampleFeedback(decision, { value: 0.25 }, { atMs: startMs + 2000 }));
      expect(await send(sampleFeedback(decision, { value: 0.75 }, { key: 'b' }))).toEqual(['noted']);
      expect(await baselineArm()).toMatchObject({ N: 1, S: 0.25 });
    });

    it('of a further metric adds to the weighted mean', async () => {
      await send(sampleFeedback(decision, { value: 0.2 }));
      expect(await send(sampleFeedback(decision, { metric: 'resolved', value: 1 }))).toEqual(['counted']);
      expect((await baselineArm())?.N).toBe(1);
      expect((await baselineArm())?.S).toBeCloseTo(0.8, 12);
    });

    it.each([
      ['a metric outside the reward definition', { metric: 'latency', value: 3 }],
      ['a comment alone', { comment: 'too long' }],
      ['ground truth alone', { expected: 'billing' }],
    ])('is noted if it is %s', async (_, body) => {
      expect(await send(sampleFeedback(decision, body))).toEqual(['noted']);
      expect(await baselineArm()).toMatchObject({ N: 0, S: 0 });
      expect(await rewards()).toEqual([]);
    });

    it('keeps the value that a later comment under the same key leaves out', async () => {
      await send(sampleFeedback(decision, { value: 0.5 }, { key: 'k' }));
      expect(
        await send(sampleFeedback(decision, { comment: 'why' }, { key: 'k', atMs: startMs + 2000 })),
      ).toEqual(['noted']);
      expect(await baselineArm()).toMatchObject({ N: 1, S: 0.5 });
    });

    it.each(['pinned', 'unattributed', 'removed'] as const)(
      'about a decision that was %s is noted',
      async (attribution) => {
        expect(await send(sampleFeedback({ ...decision, attribution }, { value: 1 }))).toEqual(['noted']);
        expect(await baselineArm()).toMatchObject({ N: 0 });
      },
    );

    it.each([
      ['at the end of the attribution window counts', 2 * dayMs, ['counted']],
      ['after the attribution window is noted', 2 * dayMs + 1, ['noted']],
    ])('%s', async (_, afterMs, outcome) => {
      expect(await send(sampleFeedback(decision, { value: 1 }, { atMs: startMs + afterMs }))).toEqual(
        outcome,
      );
      expect((await baselineArm())?.N).toBe(outcome[0] === 'counted' ? 1 : 0);
    });

    it('that corrects after the attribution window leaves the value that counts', async () => {
      await send(sampleFeedback(decision, { value: 1 }));
      expect(await send(sampleFeedback(decision, { value: 0 }, { atMs: startMs + 3 * dayMs }))).toEqual([
        'noted',
      ]);
      expect(await baselineArm()).toMatchObject({ N: 1, S: 1 });
    });

    it('is refused as a batch when a key was used for another decision', async () => {
      await send(sampleFeedback(decision, { value: 1 }, { key: 'k' }));
      const other = sampleDecision('d2');
      const batch = [
        sampleFeedback(sampleDecision('d3'), { value: 1 }),
        sampleFeedback(other, { value: 1 }, { key: 'k' }),
      ];
      await expect(store().recordFeedback(batch)).rejects.toMatchObject({
        code: 'invalid_feedback',
        param: 'key',
        isRetryable: false,
      });
      expect(await baselineArm()).toMatchObject({ N: 1 });
    });

    it('of equal keys in different scopes is different feedback', async () => {
      const foreign = sampleDecision('f1', { scope: 'key-2' });
      expect(
        await send(
          sampleFeedback(decision, { value: 1 }, { key: 'k' }),
          sampleFeedback(foreign, { value: 1 }, { key: 'k', scope: 'key-2' }),
        ),
      ).toEqual(['counted', 'counted']);
    });

    it('is counted in order within a batch, large ones too', async () => {
      const many = Array.from({ length: 1000 }, (_, index) => sampleDecision(`d${index}`));
      const batch = many.map((each, index) => sampleFeedback(each, { value: (index % 5) / 4 }));
      expect(new Set(await send(...batch))).toEqual(new Set(['counted']));
      expect(await baselineArm()).toMatchObject({ N: 1000, S: 500 });
      expect((await store().readTask('triage'))?.bandit.feedbacks).toBe(1000);
    });
  });

  describe('feedback before its decision', () => {
    it.each([
      ['completion id', 'chatcmpl-d1'],
      ['episode id', 'd1'],
    ])('waits under the %s and counts when the decision comes', async (_, name) => {
      await store().registerTask(sampleTask());
      const feedback = sampleFeedback(name, { value: 0.5 });
      expect(await send(feedback)).toEqual(['pending']);
      expect(await send(feedback)).toEqual(['pending']);
      expect(
        await send({ ...feedback, body: { ...feedback.body, value: 0.75 }, atMs: startMs + 2000 }),
      ).toEqual(['pending']);
      expect(await baselineArm()).toMatchObject({ N: 0 });
      await store().recordDecisions([decision]);
      await store().recordDecisions([decision]);
      expect(await baselineArm()).toMatchObject({ N: 1, S: 0.75 });
      expect(await rewards()).toMatchObject([{ reward: 0.75, atMs: startMs + 1000, decidedAtMs: startMs }]);
      expect(await send({ ...feedback, body: { ...feedback.body, value: 0.75 } })).toEqual(['duplicate']);
    });

    it('waits for a decision of its own scope', async () => {
      await store().registerTask(sampleTask());
      await send(sampleFeedback('chatcmpl-d1', { value: 1 }, { scope: 'key-2' }));
      await store().recordDecisions([decision]);
      expect(await baselineArm()).toMatchObject({ N: 0 });
    });

    it('waits for a task that is not registered yet', async () => {
      const later = sampleDecision('d2');
      await store().recordDecisions([later]);
      expect(
        await send(sampleFeedback(decision, { value: 1 }), sampleFeedback('chatcmpl-d2', { value: 0.5 })),
      ).toEqual(['pending', 'pending']);
      await store().registerTask(sampleTask());
      expect(await baselineArm()).toMatchObject({ N: 2, S: 1.5 });
    });
  });
}
