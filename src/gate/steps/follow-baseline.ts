import { moveCampaign } from '../../domain/campaign.ts';
import { planForBaseline } from '../../domain/next-plan.ts';
import { nextGateState } from '../task-view.ts';
import { startWatch, watchPlan } from '../watch.ts';
import type { Step } from './step.ts';

/** A new prompt of the developer: it alone serves, and what was under way against the old one ends. */
export const followBaseline: Step = async (view, { deps }) => {
  const { task, plan, campaigns, gateState } = view;
  const { version } = task.baseline;
  if (version === plan.baselineVersion) return null;
  const atMs = deps.clock.now();
  const next = planForBaseline(plan, version, atMs);
  const { cursor } = gateState.watch ?? startWatch;
  return {
    taskId: task.id,
    plan: next,
    campaigns: campaigns.map((campaign) =>
      moveCampaign(campaign, 'inconclusive', { atMs, reason: `baseline changed to version ${version}` }),
    ),
    gateState: nextGateState(view, { watch: watchPlan({ cursor, arms: {} }, next) }),
  };
};
