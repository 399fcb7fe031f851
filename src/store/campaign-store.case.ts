import { beforeEach, describe, expect, it } from 'vitest';
import { moveCampaign, type Campaign } from '../domain/campaign.ts';
import type { GateChange } from './campaign-store.ts';
import {
  sampleCampaign,
  sampleGateState,
  samplePlan,
  sampleShadowRun,
  sampleTask,
  sampleVariant,
  startMs,
} from './samples.case.ts';
import type { StoreCase } from './store-context.case.ts';

/** Cases of `CampaignStore`. */
export function campaignCases({ store }: StoreCase): void {
  const variant = sampleVariant();
  const campaign = sampleCampaign('c1');
  const moved = (from: Campaign, to: Campaign['state']): Campaign =>
    moveCampaign(from, to, { atMs: startMs + 1, reason: 'test' });
  const screened = moved(campaign, 'screened');
  const event = {
    taskId: 'triage',
    atMs: startMs,
    variantId: variant.id,
    cause: 'regression',
    action: 'rolled-back',
    toVariantId: 'baseline',
  } as const;
  const trial = samplePlan(2, [variant.id], { kind: 'canary-started', campaignId: 'c1' });

  describe('campaigns', () => {
    it('are added once and come back as they were', async () => {
      expect(await store().addCampaign(campaign)).toBe(true);
      expect(await store().addCampaign({ ...campaign, incumbentId: 'other' })).toBe(false);
      expect(await store().readCampaign('c1')).toEqual(campaign);
      expect(await store().readCampaign('c2')).toBeUndefined();
    });

    it('are read oldest first, open ones or all', async () => {
      for (const id of ['c1', 'c3', 'c2']) await store().addCampaign(sampleCampaign(id));
      await store().commitGate({ taskId: 'triage', campaigns: [moved(sampleCampaign('c3'), 'rejected')] });
      expect((await store().readCampaigns('triage', 'open')).map(({ id }) => id)).toEqual(['c1', 'c2']);
      expect((await store().readCampaigns('triage', 'all')).map(({ id }) => id)).toEqual(['c1', 'c3', 'c2']);
      expect(await store().readCampaigns('reply', 'all')).toEqual([]);
    });
  });

  describe('experience', () => {
    const other = (id: string, taskId: string): Campaign => sampleCampaign(id, { taskId });
    const ended = (one: Campaign): Campaign => moved(one, 'rejected');

    beforeEach(async () => {
      const skeleton = sampleTask().baseline.skeleton;
      for (const [id, scope] of [
        ['triage', 'key-1'],
        ['reply', 'key-1'],
        ['foreign', 'key-2'],
      ] as const)
        await store().registerTask(
          sampleTask({ id, scope, baseline: { version: 4, skeleton, stableFor: 9 } }),
        );
      for (const [id, taskId] of [
        ['own', 'triage'],
        ['old', 'reply'],
        ['open', 'reply'],
        ['new', 'reply'],
        ['far', 'foreign'],
      ] as const) {
        const added = other(id, taskId);
        await store().addCampaign(added);
        if (id !== 'open') await store().commitGate({ taskId, campaigns: [ended(added)] });
      }
    });

    const idsOf = async (scope: string | null, limit = 9): Promise<readonly string[]> =>
      (await store().readExperience({ exceptTaskId: 'triage', scope, limit })).map(
        ({ campaign: { id } }) => id,
      );

    it('is what has ended in other tasks of the scope, newest first, with their prompt', async () => {
      expect(await idsOf('key-1')).toEqual(['new', 'old']);
      const [newest] = await store().readExperience({ exceptTaskId: 'triage', scope: 'key-1', limit: 1 });
      expect(newest?.campaign).toEqual(ended(other('new', 'reply')));
      expect(newest?.baseline.version).toBe(4);
    });

    it('crosses scopes only where no scope is named, and is bounded', async () => {
      expect(await idsOf(null)).toEqual(['far', 'new', 'old']);
      expect(await idsOf(null, 2)).toEqual(['far', 'new']);
      expect(await idsOf('key-1', 0)).toEqual([]);
      expect(await idsOf('key-9')).toEqual([]);
    });
  });

  describe('a step of the gate', () => {
    beforeEach(async () => {
      await store().registerTask(sampleTask());
      await store().addCampaign(campaign);
    });

    it('is applied as a whole', async () => {
      const change: GateChange = {
        taskId: 'triage',
        gateState: sampleGateState(1),
        campaigns: [screened],
        newCampaigns: [sampleCampaign('c2')],
        plan: trial,
        watchEvents: [event],
      };
      expect(await store().commitGate(change)).toBe('committed');
      expect(await store().readGateState('triage')).toEqual(sampleGateState(1));
      expect(await store().readCampaigns('triage', 'all')).toEqual([screened, sampleCampaign('c2')]);
      expect(await store().readWatchEvents('triage')).toEqual([event]);
      const task = await store().readTask('triage');
      expect(task?.plan).toEqual(trial);
      expect(task?.bandit.arms).toHaveProperty(variant.id);
      expect(task?.routing.planVersion).toBe(2);
    });

    it.each<[string, Partial<GateChange>]>([
      ['a gate state that was replaced meanwhile', { gateState: sampleGateState(3) }],
      ['a gate state that exists already', { gateState: sampleGateState(1) }],
      ['a campaign that moved meanwhile', { campaigns: [moved(screened, 'shadow')] }],
      ['a campaign that is unknown', { campaigns: [moved(sampleCampaign('c9'), 'screened')] }],
      ['a new campaign that exists', { newCampaigns: [sampleCampaign('c1')] }],
      ['a plan that is not the next one', { plan: { ...trial, version: 3 } }],
      ['a plan that exists', { plan: { ...trial, version: 1 } }],
    ])('is a conflict for %s, and nothing of it is written', async (_, change) => {
      await store().commitGate({ taskId: 'triage', gateState: sampleGateState(1) });
      const before = await store().readSnapshot(0);
      const whole: GateChange = {
        taskId: 'triage',
        gateState: sampleGateState(2),
        campaigns: [screened],
        newCampaigns: [sampleCampaign('c2')],
        plan: trial,
        watchEvents: [event],
        ...change,
      };
      expect(await store().commitGate(whole)).toBe('conflict');
      expect(await store().readGateState('triage')).toEqual(sampleGateState(1));
      expect(await store().readCampaigns('triage', 'all')).toEqual([campaign]);
      expect(await store().readWatchEvents('triage')).toEqual([]);
      expect(await store().readSnapshot(0)).toEqual(before);
    });

    it.each<[string, Partial<GateChange>]>([
      ['an illegal move', { campaigns: [{ ...campaign, revision: 2, state: 'promoted' }] }],
      ['a plan without its incumbent', { plan: { ...trial, incumbentId: 'gone' } }],
      [
        'an arm whose variant is not stored',
        { plan: samplePlan(2, ['unknown'], { kind: 'canary-started', campaignId: 'c1' }) },
      ],
      ['a part of another task', { plan: { ...trial, taskId: 'reply' } }],
    ])('that could never be, %s, is refused and not retryable', async (_, change) => {
      const refused: unknown = await store()
        .commitGate({ taskId: 'triage', gateState: sampleGateState(1), ...change })
        .catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(RangeError);
      expect(await store().readGateState('triage')).toBeUndefined();
      expect(await store().readPlans('triage', 9)).toHaveLength(1);
    });

    it('taken by two workers at once is taken by one', async () => {
      const steps = Array.from({ length: 6 }, () =>
        store().commitGate({ taskId: 'triage', gateState: sampleGateState(1), plan: trial }),
      );
      const outcomes = (await Promise.all(steps)).toSorted();
      expect(outcomes).toEqual(['committed', 'conflict', 'conflict', 'conflict', 'conflict', 'conflict']);
    });

    it('may admit a variant that it proposes itself', async () => {
      const other = sampleVariant('Be brief.');
      const proposal = { ...campaign.proposal, variant: other };
      const change: GateChange = {
        taskId: 'triage',
        newCampaigns: [sampleCampaign('c2', { proposal })],
        plan: samplePlan(2, [other.id], { kind: 'canary-started', campaignId: 'c2' }),
      };
      expect(await store().commitGate(change)).toBe('committed');
      expect((await store().readTask('triage'))?.variants.map(({ id }) => id)).toEqual([
        'baseline',
        other.id,
      ]);
    });
  });

  describe('shadow runs', () => {
    it('are paid once and read by variant and decision', async () => {
      await store().saveShadowRuns([sampleShadowRun('d1'), sampleShadowRun('d2'), sampleShadowRun('d1')]);
      await store().saveShadowRuns([
        sampleShadowRun('d1', { costUsd: 99 }),
        sampleShadowRun('d3', { variantId: 'other' }),
      ]);
      const ids = ['d1', 'd2', 'd3', ...Array.from({ length: 1200 }, (_, index) => `absent-${index}`)];
      const runs = await store().readShadowRuns('triage', 'candidate', ids);
      expect(runs.toSorted((one, other) => (one.decisionId < other.decisionId ? -1 : 1))).toEqual([
        sampleShadowRun('d1'),
        sampleShadowRun('d2'),
      ]);
      expect(await store().readShadowRuns('triage', 'candidate', [])).toEqual([]);
    });
  });

  describe('pairs', () => {
    it('are counted once per campaign and unit, into every ledger they speak to', async () => {
      const pair = { campaignId: 'c1', unitId: 'e1', differences: { primary: 0.254, format: 0 } };
      await store().recordPairs([pair, { ...pair, differences: { primary: -1 } }]);
      await store().recordPairs([pair, { ...pair, unitId: 'e2' }, { ...pair, campaignId: 'c2' }]);
      expect(await store().readLedger('c1')).toEqual({ primary: { 25: 2 }, format: { 0: 2 } });
      expect(await store().readLedger('c2')).toEqual({ primary: { 25: 1 }, format: { 0: 1 } });
      expect(await store().readLedger('c3')).toEqual({});
    });

    it('are refused as a batch where a difference is impossible', async () => {
      const pairs = [1, 1.5].map((primary, index) => ({
        campaignId: 'c1',
        unitId: `e${index}`,
        differences: { primary },
      }));
      await expect(store().recordPairs(pairs)).rejects.toThrow(/difference/);
      expect(await store().readLedger('c1')).toEqual({});
    });
  });
}
