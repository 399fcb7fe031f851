import { moveCampaign, type Campaign } from '../../domain/campaign.ts';
import { planWithoutCanary, planWithPromotion, planWithRollback } from '../../domain/next-plan.ts';
import type { GateChange } from '../../store/campaign-store.ts';
import { countCampaign } from '../campaign-telemetry.ts';
import { decideCanary } from '../canary.ts';
import { liveLedger } from '../live-contrast.ts';
import type { Session } from '../session.ts';
import { canaryOf, isAlarmed, isHeld, nextGateState, type TaskView } from '../task-view.ts';
import { nextRadius } from '../trust-region.ts';
import { deliveredLevel, startWatch, watchPlan } from '../watch.ts';
import type { Step } from './step.ts';

/** Promotes the canary, rolls it back or takes it out of the plan, where the time has come. */
export const moveCanary: Step = async (view, session) => {
  const campaign = canaryOf(view);
  if (campaign?.canary === null || campaign === undefined) return null;
  const { routing, plan, bandit } = view;
  const { deps } = session;
  const atMs = deps.clock.now();
  const variantId = campaign.proposal.variant.id;
  const ledger = await deps.store.readLedger(campaign.id);
  const decision = decideCanary({
    share: routing.planVersion === plan.version ? (routing.probabilities[variantId] ?? 0) : 0,
    feedbacks: bandit.feedbacks - campaign.canary.atFeedback,
    ageMs: atMs - campaign.canary.startedAtMs,
    isAlarmed: isAlarmed(view, variantId) || isAlarmed(view, plan.incumbentId),
    live: ledger[liveLedger] ?? {},
  });
  switch (decision.kind) {
    case 'wait':
      return null;
    case 'promote':
      return isHeld(view) ? null : promote(campaign, decision.reason, view, session);
    case 'stop':
      return stop(campaign, decision.reason, view, session);
    case 'roll-back':
      return rollBackCanary(campaign, { reason: decision.reason, cause: 'regression' }, view, session);
  }
};

function promote(campaign: Campaign, reason: string, view: TaskView, { deps }: Session): GateChange {
  const atMs = deps.clock.now();
  const variantId = campaign.proposal.variant.id;
  const plan = planWithPromotion(view.plan, variantId, campaign.id, atMs);
  const watch = view.gateState.watch ?? startWatch;
  countCampaign(deps, view, 'promoted');
  return {
    taskId: view.task.id,
    plan,
    campaigns: [moveCampaign(campaign, 'promoted', { atMs, reason })],
    gateState: nextGateState(view, {
      radius: nextRadius(view.gateState.radius, 'promoted'),
      // The newcomer must not fall below what its predecessor delivered; its time as a canary is behind it.
      watch: watchPlan(watch, plan, { [variantId]: deliveredLevel(watch, view.plan.incumbentId) }),
    }),
  };
}

function stop(campaign: Campaign, reason: string, view: TaskView, { deps }: Session): GateChange {
  const atMs = deps.clock.now();
  const variantId = campaign.proposal.variant.id;
  const plan = planWithoutCanary(view.plan, { variantId, campaignId: campaign.id, reason }, atMs);
  countCampaign(deps, view, 'inconclusive');
  return {
    taskId: view.task.id,
    plan,
    campaigns: [moveCampaign(campaign, 'inconclusive', { atMs, reason })],
    gateState: nextGateState(view, { watch: watchPlan(view.gateState.watch ?? startWatch, plan) }),
  };
}

/** Why a canary is taken away for harm. */
export interface CanaryHarm {
  readonly reason: string;
  readonly cause: 'regression' | 'undecided';
  /** What fell, where it is not the reward: a name of `GuardWatch`. */
  readonly guard?: string;
}

/** Takes a harmful canary away; its conversations leave it at their next request. */
export function rollBackCanary(
  campaign: Campaign,
  { reason, cause, guard }: CanaryHarm,
  view: TaskView,
  { deps }: Session,
): GateChange {
  const atMs = deps.clock.now();
  const variantId = campaign.proposal.variant.id;
  const toVariantId = view.plan.incumbentId;
  const plan = planWithRollback(
    view.plan,
    {
      removedIds: [variantId],
      toVariantId,
      campaignId: campaign.id,
      reason: guard === undefined ? cause : 'guardrail',
    },
    atMs,
  );
  countCampaign(deps, view, 'rolled-back');
  return {
    taskId: view.task.id,
    plan,
    campaigns: [moveCampaign(campaign, 'rolled-back', { atMs, reason })],
    watchEvents: [
      {
        taskId: view.task.id,
        atMs,
        variantId,
        cause,
        action: 'rolled-back',
        toVariantId,
        ...(guard === undefined ? {} : { guard }),
      },
    ],
    gateState: nextGateState(view, {
      radius: nextRadius(view.gateState.radius, cause === 'regression' ? 'harmful' : 'neutral'),
      watch: watchPlan(view.gateState.watch ?? startWatch, plan),
    }),
  };
}
