import { moveCampaign, type Campaign } from '../../domain/campaign.ts';
import { meanOf, primaryLedger } from '../../domain/histogram.ts';
import { planWithoutCanary } from '../../domain/next-plan.ts';
import type { GateChange } from '../../store/campaign-store.ts';
import { rebaseCampaign } from '../rebase.ts';
import type { Session } from '../session.ts';
import { findVariant, incumbentOf, nextGateState, type TaskView } from '../task-view.ts';
import { startWatch, watchPlan } from '../watch.ts';
import type { Step } from './step.ts';

/**
 * Campaigns that were to beat an incumbent of the past end, as do canaries that an operator or a rollback took out of
 * the plan. Those with nothing against them restart as new proposals on the present incumbent.
 */
export const endOrphans: Step = async (view, session) => {
  const orphans = view.campaigns.filter((campaign) => isOrphan(campaign, view));
  if (orphans.length === 0) return null;
  const atMs = session.deps.clock.now();
  const canary = orphans.find(
    ({ state, proposal }) =>
      state === 'canary' && view.plan.arms.some(({ variantId }) => variantId === proposal.variant.id),
  );
  return {
    taskId: view.task.id,
    campaigns: orphans.map((orphan) =>
      moveCampaign(orphan, 'inconclusive', { atMs, reason: 'incumbent changed' }),
    ),
    newCampaigns: await rebasesOf(orphans, view, session, atMs),
    ...(canary === undefined ? {} : stopOf(canary, view, atMs)),
  };
};

function isOrphan({ state, proposal, incumbentId }: Campaign, { plan }: TaskView): boolean {
  const isOfPast =
    incumbentId !== plan.incumbentId || proposal.variant.baselineVersion !== plan.baselineVersion;
  const isServing = plan.arms.some(({ variantId }) => variantId === proposal.variant.id);
  return isOfPast || (state === 'canary' && !isServing);
}

function stopOf(canary: Campaign, view: TaskView, atMs: number): Pick<GateChange, 'plan' | 'gateState'> {
  const stopped = {
    variantId: canary.proposal.variant.id,
    campaignId: canary.id,
    reason: 'incumbent changed',
  };
  const plan = planWithoutCanary(view.plan, stopped, atMs);
  const watch = watchPlan(view.gateState.watch ?? startWatch, plan);
  return { plan, gateState: nextGateState(view, { watch }) };
}

async function rebasesOf(
  orphans: readonly Campaign[],
  view: TaskView,
  { deps }: Session,
  atMs: number,
): Promise<readonly Campaign[]> {
  const { task, plan } = view;
  const all = await deps.store.readCampaigns(task.id, 'all');
  const triedIds = new Set(all.map(({ proposal }) => proposal.variant.id));
  const rebased: Campaign[] = [];
  for (const orphan of orphans) {
    if (orphan.state === 'proposed' || orphan.proposal.variant.baselineVersion !== plan.baselineVersion)
      continue;
    const parent = await findVariant(view, deps.store, orphan.proposal.parentId);
    const mean = meanOf((await deps.store.readLedger(orphan.id))[primaryLedger] ?? {});
    if (parent === undefined || (mean ?? 0) < 0) continue;
    const baseline = task.baseline.skeleton;
    const campaign = rebaseCampaign(orphan, {
      baseline,
      parent,
      incumbent: incumbentOf(view),
      triedIds,
      atMs,
    });
    if (campaign === undefined) continue;
    triedIds.add(campaign.proposal.variant.id);
    rebased.push(campaign);
  }
  return rebased;
}
