import { moveCampaign, type Campaign } from '../../domain/campaign.ts';
import type { Edit } from '../../domain/edit.ts';
import type { Rebase } from '../../domain/gate-state.ts';
import { meanOf, primaryLedger } from '../../domain/histogram.ts';
import { planForBaseline } from '../../domain/next-plan.ts';
import { settledAfter } from '../../domain/task.ts';
import { baselineVariantId } from '../../domain/variant.ts';
import type { GateChange } from '../../store/campaign-store.ts';
import { countCampaign } from '../campaign-telemetry.ts';
import { rebaseOntoBaseline, type Learned } from '../rebase-onto-baseline.ts';
import type { Session } from '../session.ts';
import { withinRadius } from '../split-into-steps.ts';
import { isHeld, nextGateState, type TaskView } from '../task-view.ts';
import { startWatch, watchPlan } from '../watch.ts';
import type { Step } from './step.ts';

/** Campaigns under way that are carried over to a new prompt, at most; the newest ones. */
const carriedMax = 8;

type Pending = Extract<Rebase, { kind: 'pending' }>;

/**
 * A new prompt of the developer: it alone serves, and what was under way against the old one ends. Once it has settled,
 * so that its slots are known, what was learned for the old one is proposed again, as far as it has a place in the new
 * one.
 */
export const followBaseline: Step = async (view, session) => {
  const { task, plan, gateState } = view;
  if (task.baseline.version !== plan.baselineVersion) return follow(view, session);
  const { rebase } = gateState;
  if (rebase?.kind !== 'pending' || task.baseline.stableFor < settledAfter || isHeld(view)) return null;
  return rebaseLearned(view, rebase, session);
};

function follow(view: TaskView, { deps }: Session): GateChange {
  const { task, plan, campaigns, gateState } = view;
  const { version } = task.baseline;
  const atMs = deps.clock.now();
  const next = planForBaseline(plan, version, atMs);
  const { cursor } = gateState.watch ?? startWatch;
  const rebase = pendingAfter(view);
  return {
    taskId: task.id,
    plan: next,
    campaigns: campaigns.map((campaign) =>
      moveCampaign(campaign, 'inconclusive', { atMs, reason: `baseline changed to version ${version}` }),
    ),
    gateState: nextGateState(view, {
      watch: watchPlan({ cursor, arms: {} }, next),
      ...(rebase === null ? {} : { rebase }),
    }),
  };
}

/** What waits now; what an earlier change of the prompt left waiting goes on doing so. `null`: nothing. */
function pendingAfter({ plan, campaigns, gateState }: TaskView): Pending | null {
  const before = gateState.rebase?.kind === 'pending' ? gateState.rebase : null;
  const incumbentId =
    plan.incumbentId === baselineVariantId ? (before?.incumbentId ?? null) : plan.incumbentId;
  const campaignIds = [...(before?.campaignIds ?? []), ...campaigns.map(({ id }) => id)].slice(-carriedMax);
  return incumbentId === null && campaignIds.length === 0
    ? null
    : { kind: 'pending', incumbentId, campaignIds };
}

async function rebaseLearned(view: TaskView, pending: Pending, session: Session): Promise<GateChange> {
  const { deps } = session;
  const { task, gateState } = view;
  const all = await deps.store.readCampaigns(task.id, 'all');
  const known = new Set(all.flatMap(({ id, proposal }) => [id, proposal.variant.id]));
  const isOneStep = task.config.gate.isEditSizeLimited ? withinRadius(gateState.radius) : null;
  const ground = { taskId: task.id, baseline: task.baseline, atMs: deps.clock.now(), isOneStep };
  const newCampaigns: Campaign[] = [];
  const lost: Edit[] = [];
  let contained = 0;
  for (const learned of await readLearned(pending, all, view, session)) {
    const { campaigns, carried } = rebaseOntoBaseline(learned, ground);
    contained += carried.contained.length;
    lost.push(...carried.lost);
    for (const campaign of campaigns) {
      if (known.has(campaign.id) || known.has(campaign.proposal.variant.id)) continue;
      known.add(campaign.proposal.variant.id);
      newCampaigns.push(campaign);
    }
  }
  for (const _ of newCampaigns) countCampaign(deps, view, 'rebased');
  deps.logger.info('gate.rebase', {
    taskId: task.id,
    baselineVersion: task.baseline.version,
    campaigns: newCampaigns.length,
    editsContained: contained,
    editsLost: lost.length,
  });
  const rebase: Rebase = {
    kind: 'done',
    baselineVersion: task.baseline.version,
    campaignIds: newCampaigns.map(({ id }) => id),
    contained,
    lost,
  };
  return { taskId: task.id, newCampaigns, gateState: nextGateState(view, { rebase }) };
}

/** The incumbent first, then what was under way with nothing against it. */
async function readLearned(
  { incumbentId, campaignIds }: Pending,
  all: readonly Campaign[],
  { task }: TaskView,
  { deps }: Session,
): Promise<readonly Learned[]> {
  const learned: Learned[] = [];
  const variant = incumbentId === null ? undefined : await deps.store.readVariant(task.id, incumbentId);
  if (variant !== undefined) {
    const origin = all.findLast(({ proposal }) => proposal.variant.id === variant.id) ?? null;
    learned.push({ variant, parent: null, origin });
  }
  for (const id of campaignIds) {
    const origin = all.find((campaign) => campaign.id === id);
    if (origin === undefined) continue;
    const mean = meanOf((await deps.store.readLedger(id))[primaryLedger] ?? {});
    const parent = await deps.store.readVariant(task.id, origin.proposal.parentId);
    if (parent === undefined || (mean ?? 0) < 0) continue;
    learned.push({ variant: origin.proposal.variant, parent, origin });
  }
  return learned;
}
