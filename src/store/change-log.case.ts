import { beforeEach, describe, expect, it } from 'vitest';
import type { AuditEntry } from '../domain/audit-entry.ts';
import { moveCampaign } from '../domain/campaign.ts';
import { sampleCampaign, samplePlan, sampleTask, sampleVariant, startMs } from './samples.case.ts';
import type { StoreCase } from './store-context.case.ts';

const entry: AuditEntry = {
  actor: 'ops',
  action: 'approve',
  taskId: 'triage',
  subject: 'c1',
  before: 'shadow',
  after: 'canary',
  reason: null,
  atMs: startMs,
};

/** Cases of `ChangeLog`, and of what else is kept of the past. */
export function changeLogCases({ store }: StoreCase): void {
  const campaign = sampleCampaign('c1');
  const screened = moveCampaign(campaign, 'screened', { atMs: startMs, reason: 'test' });
  const plan = samplePlan(2, [sampleVariant().id], { kind: 'canary-started', campaignId: 'c1' });

  describe('the logs of changes', () => {
    beforeEach(async () => {
      await store().registerTask(sampleTask());
      await store().registerTask(sampleTask({ id: 'reply' }));
      await store().addCampaign(campaign);
      await store().commitGate({ taskId: 'triage', campaigns: [screened], plan, audit: entry });
    });

    it('have every committed change in its order, to be followed from any place', async () => {
      const all = await store().readChanges({ after: 0, limit: 99 });
      expect(all.map(({ kind, taskId }) => `${taskId} ${kind}`)).toEqual([
        'triage task-added',
        'reply task-added',
        'triage campaign-changed',
        'triage plan-changed',
        'triage campaign-changed',
        'triage person-acted',
      ]);
      expect(all.at(3)).toMatchObject({ version: 2, incumbentId: 'baseline', atMs: startMs });
      expect(all.at(4)).toMatchObject({ campaignId: 'c1', revision: 2, state: 'screened', evidence: null });
      const positions = all.map(({ position }) => position);
      expect(positions).toEqual(positions.toSorted((one, other) => one - other));
      expect(await store().readChanges({ after: positions[1] ?? 0, limit: 2 })).toEqual(all.slice(2, 4));
      expect(await store().newestChange()).toBe(positions.at(-1));
    });

    it('are read for one task or one campaign', async () => {
      const kinds = async (query: { readonly taskId?: string; readonly campaignId?: string }) =>
        (await store().readChanges({ after: 0, limit: 99, ...query })).map(({ kind }) => kind);
      expect(await kinds({ taskId: 'reply' })).toEqual(['task-added']);
      expect(await kinds({ campaignId: 'c1' })).toEqual(['campaign-changed', 'campaign-changed']);
      expect(await kinds({ campaignId: 'c9' })).toEqual([]);
    });

    it('have nothing of a change that was not made', async () => {
      const before = await store().newestChange();
      await store().commitGate({ taskId: 'triage', campaigns: [screened], plan, audit: entry });
      expect(await store().newestChange()).toBe(before);
      expect((await store().readAudit({ limit: 9 })).items).toHaveLength(1);
    });

    it('tell who changed what, newest first, in parts', async () => {
      const later = { ...entry, taskId: 'reply', subject: 'plan' };
      await store().commitGate({ taskId: 'reply', audit: later });
      const { items, next } = await store().readAudit({ limit: 1 });
      expect(items).toMatchObject([later]);
      const rest = await store().readAudit({ limit: 9, before: next ?? 0 });
      expect(rest).toEqual({ items: [{ ...entry, position: rest.items[0]?.position }], next: null });
      expect((await store().readAudit({ taskId: 'triage', limit: 9 })).items).toMatchObject([entry]);
    });
  });

  it('plans are read in parts', async () => {
    await store().registerTask(sampleTask());
    await store().addCampaign(campaign);
    const third = samplePlan(3, [], { kind: 'canary-stopped', campaignId: 'c1', reason: 'futile' });
    for (const next of [plan, third]) await store().commitGate({ taskId: 'triage', plan: next });
    const versions = async (limit: number, before?: number) =>
      (await store().readPlans('triage', limit, before)).map(({ version }) => version);
    expect(await versions(2)).toEqual([3, 2]);
    expect(await versions(2, 2)).toEqual([1]);
    expect(await versions(2, 1)).toEqual([]);
  });

  it('every variant that was proposed is found, and every baseline', async () => {
    await store().registerTask(sampleTask());
    const other = sampleVariant('Be brief.');
    await store().addCampaign(campaign);
    await store().addCampaign(sampleCampaign('c2', { proposal: { ...campaign.proposal, variant: other } }));
    const byId = [sampleVariant(), other].toSorted((one, two) => (one.id < two.id ? -1 : 1));
    expect(await store().readVariants('triage')).toEqual(byId);
    expect(await store().readVariants('nowhere')).toEqual([]);

    const first = sampleTask().baseline;
    const grown = { ...first, stableFor: 2 };
    const second = { ...first, version: 2 };
    for (const baseline of [grown, second]) await store().saveBaseline('triage', baseline);
    expect(await store().readBaselines('triage')).toEqual([second, grown]);
    expect(await store().readBaselines('nowhere')).toEqual([]);
  });
}
