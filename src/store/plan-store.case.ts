import { beforeEach, describe, expect, it } from 'vitest';
import { literalSkeleton } from '../domain/skeleton.ts';
import { baselineVariantId } from '../domain/variant.ts';
import {
  sampleCampaign,
  sampleDecision,
  sampleFeedback,
  samplePlan,
  sampleTask,
  sampleVariant,
} from './samples.case.ts';
import type { StoreCase } from './store-context.case.ts';

/** Cases of `PlanStore`. */
export function planCases({ store, setNowMs }: StoreCase): void {
  const variant = sampleVariant();

  describe('a task', () => {
    it('starts with a first plan and a fresh bandit', async () => {
      setNowMs(123_456);
      expect(await store().registerTask(sampleTask())).toEqual(sampleTask());
      const snapshot = await store().readTask('triage');
      expect(snapshot?.task).toEqual(sampleTask());
      expect(snapshot?.plan).toMatchObject({ version: 1, cause: { kind: 'first' }, atMs: 123_456 });
      expect(snapshot?.variants).toEqual([
        { id: baselineVariantId, taskId: 'triage', baselineVersion: 1, edits: [] },
      ]);
      expect(snapshot?.routing).toEqual(snapshot?.bandit.routing);
      expect(snapshot?.routing.probabilities).toEqual({ [baselineVariantId]: 1 });
    });

    it('that exists is returned as it is', async () => {
      await store().registerTask(sampleTask());
      expect(await store().registerTask(sampleTask({ name: 'Another' }))).toEqual(sampleTask());
      expect(await store().readPlans('triage', 9)).toHaveLength(1);
    });

    it('registered by many at once is registered once', async () => {
      const tasks = Array.from({ length: 8 }, (_, index) => sampleTask({ name: `n${index}` }));
      const registered = await Promise.all(tasks.map((task) => store().registerTask(task)));
      expect(new Set(registered.map(({ name }) => name)).size).toBe(1);
    });

    it('that is unknown has nothing', async () => {
      expect(await store().readTask('nowhere')).toBeUndefined();
      expect(await store().readPlans('nowhere', 9)).toEqual([]);
      expect(await store().readVariant('nowhere', baselineVariantId)).toBeUndefined();
    });
  });

  describe('a baseline', () => {
    const skeleton = literalSkeleton('Sort it.');
    it.each([
      ['a higher version replaces it', { version: 2, skeleton, stableFor: 0 }, true],
      ['another skeleton of the same version replaces it', { version: 1, skeleton, stableFor: 1 }, true],
      ['another count replaces it', { ...sampleTask().baseline, stableFor: 7 }, true],
      ['the same one changes nothing', sampleTask().baseline, false],
      ['a lower version changes nothing', { version: 0, skeleton, stableFor: 9 }, false],
    ])('%s', async (_, baseline, isReplaced) => {
      await store().registerTask(sampleTask());
      const { revision } = await store().readSnapshot(0);
      await store().saveBaseline('triage', baseline);
      expect((await store().readTask('triage'))?.task.baseline).toEqual(
        isReplaced ? baseline : sampleTask().baseline,
      );
      expect((await store().readSnapshot(revision)).tasks).toHaveLength(isReplaced ? 1 : 0);
    });
  });

  describe('a configuration', () => {
    it('is replaced, and the snapshot shows it', async () => {
      await store().registerTask(sampleTask());
      const { revision } = await store().readSnapshot(0);
      const config = { ...sampleTask().config, model: 'gpt-4o' };
      await store().saveTaskConfig('triage', config);
      const changed = await store().readSnapshot(revision);
      expect(changed.tasks.map(({ task }) => task.config.model)).toEqual(['gpt-4o']);
      await store().saveTaskConfig('triage', config);
      expect((await store().readSnapshot(changed.revision)).tasks).toEqual([]);
      await store().saveTaskConfig('nowhere', config);
      expect(await store().readTask('nowhere')).toBeUndefined();
    });
  });

  describe('a snapshot', () => {
    beforeEach(async () => {
      await store().registerTask(sampleTask());
      await store().registerTask(sampleTask({ id: 'reply' }));
    });

    it('has every task at first, then only those that changed', async () => {
      const all = await store().readSnapshot(0);
      expect(all.tasks.map(({ task }) => task.id)).toEqual(['triage', 'reply']);
      expect(await store().readSnapshot(all.revision)).toEqual({ revision: all.revision, tasks: [] });
      await store().saveBaseline('triage', { ...sampleTask().baseline, stableFor: 2 });
      const changed = await store().readSnapshot(all.revision);
      expect(changed.tasks.map(({ task }) => task.id)).toEqual(['triage']);
      expect(changed.revision).toBeGreaterThan(all.revision);
      expect((await store().readSnapshot(0)).tasks).toHaveLength(2);
    });

    it('shows new probabilities, not every change of the sums', async () => {
      const { revision } = await store().readSnapshot(0);
      const score = async (id: string) =>
        store().recordFeedback([sampleFeedback(sampleDecision(id), { value: 1 })]);
      await store().addCampaign(sampleCampaign('c1'));
      await store().commitGate({
        taskId: 'triage',
        plan: samplePlan(2, [variant.id], { kind: 'canary-started', campaignId: 'c1' }),
      });
      const planned = await store().readSnapshot(revision);
      expect(planned.tasks[0]?.plan.version).toBe(2);
      for (const id of ['d1', 'd2', 'd3']) await score(id);
      expect((await store().readSnapshot(planned.revision)).tasks).toEqual([]);
      await score('d4');
      const [stepped] = (await store().readSnapshot(planned.revision)).tasks;
      expect(stepped?.routing.probabilities).toEqual({ [baselineVariantId]: 0.8, [variant.id]: 0.2 });
      expect(stepped?.variants.map(({ id }) => id)).toEqual([baselineVariantId, variant.id]);
    });
  });

  describe('plans', () => {
    it('are kept, newest first', async () => {
      await store().registerTask(sampleTask());
      await store().addCampaign(sampleCampaign('c1'));
      const second = samplePlan(2, [variant.id], { kind: 'canary-started', campaignId: 'c1' });
      const third = samplePlan(3, [], { kind: 'canary-stopped', campaignId: 'c1', reason: 'futile' });
      for (const plan of [second, third]) await store().commitGate({ taskId: 'triage', plan });
      expect(await store().readPlans('triage', 2)).toEqual([third, second]);
      expect(await store().readPlans('triage', 9)).toHaveLength(3);
    });
  });

  describe('a variant', () => {
    it('is readable as soon as it is proposed; the baseline always', async () => {
      await store().registerTask(sampleTask());
      expect(await store().readVariant('triage', variant.id)).toBeUndefined();
      await store().addCampaign(sampleCampaign('c1'));
      expect(await store().readVariant('triage', variant.id)).toEqual(variant);
      expect(await store().readVariant('triage', baselineVariantId)).toMatchObject({
        baselineVersion: 1,
        edits: [],
      });
    });
  });

  describe('the secret', () => {
    it('is 32 bytes, the same for all who ask', async () => {
      const secrets = await Promise.all([store().readSecret(), store().readSecret(), store().readSecret()]);
      expect(new Set(secrets).size).toBe(1);
      expect(Buffer.from(secrets[0] ?? '', 'base64url')).toHaveLength(32);
      expect(await store().readSecret('another one')).toBe(secrets[0]);
    });

    it('is the one that is brought along, where there is none yet', async () => {
      expect(await store().readSecret('brought along')).toBe('brought along');
      expect(await store().readSecret()).toBe('brought along');
    });
  });
}
