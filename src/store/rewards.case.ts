import { beforeEach, describe, expect, it } from 'vitest';
import type { ArmSums } from '../domain/bandit-state.ts';
import type { Decision } from '../domain/decision.ts';
import { baselineVariantId } from '../domain/variant.ts';
import {
  hourMs,
  sampleCampaign,
  sampleDecision,
  sampleFeedback,
  samplePlan,
  sampleTask,
  sampleVariant,
  startMs,
} from './samples.case.ts';
import { feedbackDesk } from './feedback-desk.case.ts';
import type { StoreCase } from './store-context.case.ts';

/** Cases of `FeedbackStore`: the rewards that feedback becomes, by episode and arm. */
export function rewardCases(context: StoreCase): void {
  const { store } = context;
  const { send, baselineArm, rewards } = feedbackDesk(context);
  const decision = sampleDecision('d1');

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
