import { beforeEach, describe, expect, it } from 'vitest';
import type { ArmSums } from '../domain/bandit-state.ts';
import type { Decision } from '../domain/decision.ts';
import type { Feedback } from '../domain/feedback.ts';
import { baselineVariantId } from '../domain/variant.ts';
import {
  dayMs,
  hourMs,
  sampleCampaign,
  sampleDecision,
  sampleFeedback,
  samplePlan,
  sampleTask,
  sampleVariant,
  startMs,
} from './samples.case.ts';
import type { StoreCase } from './store-context.case.ts';

/** Cases of `FeedbackStore`. */
export function feedbackCases({ store }: StoreCase): void {
  const baselineArm = async (): Promise<ArmSums | undefined> =>
    (await store().readTask('triage'))?.bandit.arms[baselineVariantId];
  const send = async (...batch: readonly Feedback[]): Promise<readonly string[]> =>
    (await store().recordFeedback(batch)).map(({ outcome }) => outcome);
  const rewards = async () => store().readRewards('triage', 0, 100);
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

  describe('an episode', () => {
    const turn = (id: string, change: Partial<Decision> = {}): Decision =>
      sampleDecision(id, { episodeId: 'run', ...change });
    beforeEach(async () => void (await store().registerTask(sampleTask())));

    it('is observed once, with the mean of the rewards of its decisions and its own', async () => {
      await store().recordDecisions([turn('t1'), turn('t2', { atMs: startMs + 10 })]);
      expect(await send(sampleFeedback(turn('t1'), { value: 1 }))).toEqual(['counted']);
      expect(await send(sampleFeedback(turn('t2', { atMs: startMs + 10 }), { value: 0 }))).toEqual([
        'counted',
      ]);
      expect(await baselineArm()).toMatchObject({ N: 1, S: 0.5 });
      expect(await send(sampleFeedback('run', { value: 0.8 }))).toEqual(['counted']);
      expect((await baselineArm())?.N).toBe(1);
      expect((await baselineArm())?.S).toBeCloseTo(0.6, 12);
      expect(await rewards()).toMatchObject([
        { episodeId: 'run', reward: 1, propensity: 0.5, planVersion: 1 },
      ]);
    });

    it('does not learn from turns that served something else', async () => {
      const removed = turn('t2', { attribution: 'removed' });
      const other = turn('t3', { variantId: 'v9' });
      await store().recordDecisions([turn('t1'), removed, other]);
      expect(
        await send(
          sampleFeedback(turn('t1'), { value: 1 }),
          sampleFeedback(removed, { value: 0 }),
          sampleFeedback(other, { value: 0 }),
        ),
      ).toEqual(['counted', 'noted', 'noted']);
      expect(await baselineArm()).toMatchObject({ N: 1, S: 1 });
    });

    it('counts for every task that took part in it', async () => {
      await store().registerTask(sampleTask({ id: 'reply' }));
      await store().recordDecisions([turn('t1'), turn('t2', { taskId: 'reply' })]);
      await send(sampleFeedback('run', { value: 1 }));
      expect(await baselineArm()).toMatchObject({ N: 1, S: 1 });
      expect((await store().readTask('reply'))?.bandit.arms[baselineVariantId]).toMatchObject({ N: 1, S: 1 });
    });

    it('that a further task joins later counts for that one too', async () => {
      await store().registerTask(sampleTask({ id: 'reply' }));
      await store().recordDecisions([turn('t1')]);
      await send(sampleFeedback('run', { value: 1 }));
      await store().recordDecisions([turn('t2', { taskId: 'reply' })]);
      expect((await store().readTask('reply'))?.bandit.arms[baselineVariantId]).toMatchObject({ N: 1, S: 1 });
      expect(await baselineArm()).toMatchObject({ N: 1 });
    });

    it('of another scope with the same name is another episode', async () => {
      const foreign = turn('x1', { scope: 'key-2' });
      await store().recordDecisions([turn('t1'), foreign]);
      await send(sampleFeedback('run', { value: 1 }));
      expect(await baselineArm()).toMatchObject({ N: 1 });
      await send(sampleFeedback(foreign, { value: 0 }, { scope: 'key-2' }));
      expect(await baselineArm()).toMatchObject({ N: 2, S: 1 });
    });
  });

  describe('feedback about an arm', () => {
    const variant = sampleVariant();
    const served = sampleDecision('d1', { variantId: variant.id, planVersion: 2 });
    const arm = async (): Promise<ArmSums | undefined> =>
      (await store().readTask('triage'))?.bandit.arms[variant.id];
    const plan = async (...change: Parameters<typeof samplePlan>): Promise<void> => {
      const outcome = await store().commitGate({ taskId: 'triage', plan: samplePlan(...change) });
      expect(outcome).toBe('committed');
    };
    beforeEach(async () => {
      await store().registerTask(sampleTask());
      await store().addCampaign(sampleCampaign('c1'));
      await plan(2, [variant.id], { kind: 'canary-started', campaignId: 'c1' });
    });

    it('counts while the plan has it', async () => {
      expect(await send(sampleFeedback(served, { value: 1 }))).toEqual(['counted']);
      expect(await arm()).toMatchObject({ N: 1, S: 1 });
    });

    it('that the plan no longer has is noted', async () => {
      await plan(3, [], { kind: 'canary-stopped', campaignId: 'c1', reason: 'futile' });
      expect(await send(sampleFeedback(served, { value: 1 }))).toEqual(['noted']);
      expect(await rewards()).toEqual([]);
    });

    it('that was rolled back stops counting, corrections too, even if the arm returns', async () => {
      await send(sampleFeedback(served, { value: 1 }));
      await plan(3, [], { kind: 'rolled-back', campaignId: 'c1', reason: 'regression' });
      await plan(4, [variant.id], { kind: 'canary-started', campaignId: 'c1' });
      const again = sampleFeedback(served, { value: 0 }, { atMs: startMs + 2000 });
      const late = sampleFeedback(sampleDecision('d2', { variantId: variant.id, planVersion: 2 }), {
        value: 1,
      });
      const fresh = sampleFeedback(sampleDecision('d3', { variantId: variant.id, planVersion: 4 }), {
        value: 1,
      });
      expect(await send(again, late, fresh)).toEqual(['noted', 'noted', 'counted']);
      expect(await arm()).toMatchObject({ N: 1, S: 1 });
    });

    it('of a baseline that has changed since is noted', async () => {
      await plan(3, [], { kind: 'baseline-changed' });
      const old = sampleFeedback(decision, { value: 1 });
      const fresh = sampleFeedback(sampleDecision('d9', { planVersion: 3 }), { value: 1 });
      expect(await send(old, fresh)).toEqual(['noted', 'counted']);
    });
  });

  describe('reward events', () => {
    it('can be read on from the last one seen, oldest first', async () => {
      await store().registerTask(sampleTask());
      for (let index = 0; index < 7; index++)
        await send(
          sampleFeedback(sampleDecision(`d${index}`), { value: index / 10 }, { atMs: startMs + hourMs }),
        );
      const first = await store().readRewards('triage', 0, 4);
      expect(first.map(({ episodeId }) => episodeId)).toEqual(['d0', 'd1', 'd2', 'd3']);
      const rest = await store().readRewards('triage', first.at(-1)?.sequence ?? 0, 100);
      expect(rest.map(({ reward }) => reward)).toEqual([0.4, 0.5, 0.6]);
      expect(await store().readRewards('triage', rest.at(-1)?.sequence ?? 0, 100)).toEqual([]);
      expect(await store().readRewards('unknown', 0, 100)).toEqual([]);
    });
  });
}
