import { beforeEach, describe, expect, it } from 'vitest';
import { baselineVariantId } from '../domain/variant.ts';
import {
  dayMs,
  hourMs,
  sampleCampaign,
  sampleDecision,
  sampleFeedback,
  samplePlan,
  sampleShadowRun,
  sampleTask,
  sampleVariant,
  startMs,
} from './samples.case.ts';
import { retentionMs, type StoreCase } from './store-context.case.ts';

/** Cases of `Maintenance`. */
export function maintenanceCases({ store, setNowMs }: StoreCase): void {
  const sweepAt = async (nowMs: number) => {
    setNowMs(nowMs);
    return store().sweep(nowMs);
  };
  const selected = async () => {
    const { sel, obs } = (await store().readTask('triage'))?.bandit.arms[baselineVariantId] ?? {};
    return { sel, obs };
  };
  const score = async (id: string, afterMs: number, atMs = startMs): Promise<void> =>
    void (await store().recordFeedback([
      sampleFeedback(sampleDecision(id, { atMs }), { value: 1 }, { atMs: atMs + afterMs }),
    ]));

  describe('a sweep', () => {
    beforeEach(async () => void (await store().registerTask(sampleTask())));

    it('counts an episode as selected once its hour is over, as observed if feedback came by then', async () => {
      const turns = ['t1', 't2'].map((id) => sampleDecision(id, { episodeId: 'run' }));
      const pinned = sampleDecision('p1', { attribution: 'pinned' });
      await store().recordDecisions([
        sampleDecision('d1'),
        sampleDecision('d2'),
        sampleDecision('d3'),
        ...turns,
        pinned,
      ]);
      await score('d1', 1000);
      await score('d2', hourMs + 1);
      expect(await sweepAt(startMs + hourMs)).toMatchObject({ windowsClosed: 0 });
      expect(await sweepAt(startMs + hourMs + 1)).toMatchObject({ windowsClosed: 4 });
      expect(await selected()).toEqual({ sel: 4, obs: 1 });
      expect(await sweepAt(startMs + hourMs + 2)).toMatchObject({ windowsClosed: 0 });
      await score('d3', 2 * hourMs);
      await sweepAt(startMs + 3 * hourMs);
      expect(await selected()).toEqual({ sel: 4, obs: 1 });
      expect((await store().readTask('triage'))?.bandit.arms[baselineVariantId]).toMatchObject({ N: 3 });
    });

    it('counts the reward of an episode that is not recorded, and not that it was answered', async () => {
      const unheard = sampleDecision('u1', { isUnrecorded: true });
      await store().recordFeedback([sampleFeedback(unheard, { value: 1 }, { atMs: startMs + 1000 })]);
      await store().recordDecisions([sampleDecision('d1')]);
      expect(await sweepAt(startMs + 2 * hourMs)).toMatchObject({ windowsClosed: 1 });
      expect(await selected()).toEqual({ sel: 1, obs: 0 });
      expect((await store().readTask('triage'))?.bandit.arms[baselineVariantId]).toMatchObject({ N: 1 });
    });

    it('learns the window from the delays it has seen', async () => {
      const asked = startMs + 10_000;
      for (let index = 0; index < 60; index++) await score(`q${index}`, 1000);
      await store().recordDecisions([sampleDecision('d1', { atMs: asked })]);
      expect(await sweepAt(asked + 2000)).toMatchObject({ windowsClosed: 60 });
      expect(await sweepAt(asked + 2001)).toMatchObject({ windowsClosed: 1 });
      expect(await selected()).toEqual({ sel: 61, obs: 60 });
    });

    it('closes many windows over several rounds, each once', async () => {
      const many = Array.from({ length: 1300 }, (_, index) => sampleDecision(`m${index}`));
      await store().recordDecisions(many);
      let closed = 0;
      for (let round = 0; round < 4; round++) closed += (await sweepAt(startMs + 2 * hourMs)).windowsClosed;
      expect(closed).toBe(1300);
      expect(await selected()).toEqual({ sel: 1300, obs: 0 });
    });

    it('does not count draws of a variant that was rolled back', async () => {
      const variant = sampleVariant();
      await store().addCampaign(sampleCampaign('c1'));
      const started = { kind: 'canary-started', campaignId: 'c1' } as const;
      await store().commitGate({ taskId: 'triage', plan: samplePlan(2, [variant.id], started) });
      await store().recordDecisions([sampleDecision('d1', { variantId: variant.id, planVersion: 2 })]);
      const cause = { kind: 'rolled-back', campaignId: 'c1', reason: 'operator' } as const;
      await store().commitGate({ taskId: 'triage', plan: samplePlan(3, [], cause) });
      await store().commitGate({ taskId: 'triage', plan: samplePlan(4, [variant.id], started) });
      await sweepAt(startMs + 2 * hourMs);
      expect((await store().readTask('triage'))?.bandit.arms[variant.id]).toMatchObject({ sel: 0 });
    });

    it('lets routing take its daily step', async () => {
      const { revision } = await store().readSnapshot(0);
      await sweepAt(startMs + dayMs - 1);
      expect((await store().readTask('triage'))?.routing.atMs).toBe(startMs);
      await sweepAt(startMs + dayMs);
      expect((await store().readTask('triage'))?.routing.atMs).toBe(startMs + dayMs);
      expect((await store().readSnapshot(revision)).revision).toBeGreaterThanOrEqual(revision);
    });

    it('ends the waiting of feedback after the attribution window', async () => {
      const feedback = sampleFeedback('chatcmpl-d1', { value: 1 }, { atMs: startMs });
      await store().recordFeedback([feedback]);
      expect(await sweepAt(startMs + 2 * dayMs)).toMatchObject({ feedbackExpired: 0 });
      expect(await sweepAt(startMs + 2 * dayMs + 1)).toMatchObject({ feedbackExpired: 1 });
      expect(await sweepAt(startMs + 2 * dayMs + 2)).toMatchObject({ feedbackExpired: 0 });
      await store().recordDecisions([sampleDecision('d1')]);
      expect((await store().readTask('triage'))?.bandit.feedbacks).toBe(0);
    });

    it('deletes decisions and shadow runs past retention, and keeps what was learned', async () => {
      await store().recordDecisions([sampleDecision('d1'), sampleDecision('d2', { atMs: startMs + dayMs })]);
      await store().saveShadowRuns([sampleShadowRun('d1'), sampleShadowRun('d2', { atMs: startMs + dayMs })]);
      await store().addCampaign(sampleCampaign('c1'));
      await score('d1', 1000);
      await store().recordFeedback([sampleFeedback('chatcmpl-d1', { expected: 'billing' })]);
      expect(await sweepAt(startMs + retentionMs)).toMatchObject({ decisionsDeleted: 0 });
      expect(await sweepAt(startMs + retentionMs + 1)).toMatchObject({ decisionsDeleted: 1 });
      const query = { taskId: 'triage', order: 'oldest', limit: 9 } as const;
      expect((await store().readTraces(query)).map(({ decision }) => decision.decisionId)).toEqual(['d2']);
      expect(await store().readShadowRuns('triage', 'candidate', ['d1', 'd2'])).toHaveLength(1);
      expect(await store().findEpisode('key-1', 'd2')).toBeDefined();
      expect((await store().readTask('triage'))?.bandit.arms[baselineVariantId]).toMatchObject({
        N: 1,
        S: 1,
      });
      expect(await store().readPlans('triage', 9)).toHaveLength(1);
      expect(await store().readCampaign('c1')).toBeDefined();
      expect(await store().readVariant('triage', sampleVariant().id)).toBeDefined();
    });

    it('counts a conversation that outlives retention once, however long its feedback goes on', async () => {
      const lastMs = startMs + retentionMs - hourMs;
      const turns = [startMs, lastMs, lastMs + 2 * hourMs].map((atMs, index) =>
        sampleDecision(`t${index}`, { episodeId: 'run', atMs }),
      );
      for (const [index, turn] of turns.entries()) {
        await store().recordDecisions([turn]);
        await store().recordFeedback([
          sampleFeedback(turn, { value: index / 4 }, { atMs: turn.atMs + 1000 }),
        ]);
        await sweepAt(turn.atMs + hourMs + 2000);
      }
      expect((await store().readTask('triage'))?.bandit.feedbacks).toBe(1);
      expect(await selected()).toEqual({ sel: 1, obs: 1 });
      await sweepAt(startMs + 3 * retentionMs);
      expect(await store().findEpisode('key-1', 'run')).toBeUndefined();
    });

    it('forgets old evidence, so that it stays small', async () => {
      await score('d1', 1000);
      await sweepAt(startMs + retentionMs + hourMs);
      expect(await store().readRewards('triage', 0, 9)).toEqual([]);
      expect(await store().findEpisode('key-1', 'd1')).toBeUndefined();
    });
  });

  describe('a ping', () => {
    it('resolves while the store can commit', async () => {
      await expect(store().ping()).resolves.toBeUndefined();
    });
  });
}
