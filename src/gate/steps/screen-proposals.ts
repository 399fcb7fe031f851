import { moveCampaign, type Campaign } from '../../domain/campaign.ts';
import { countCampaign, startStep } from '../campaign-telemetry.ts';
import { screenCandidate, screeningOf, screeningReason } from '../screen.ts';
import type { Session } from '../session.ts';
import { findVariant, type TaskView } from '../task-view.ts';
import { atMost } from '../trust-region.ts';
import type { Step } from './step.ts';

/** Holds new proposals against every limit that needs no model. */
export const screenProposals: Step = async (view, session) => {
  const proposed = view.campaigns.filter(({ state }) => state === 'proposed');
  if (proposed.length === 0) return null;
  const campaigns: Campaign[] = [];
  for (const campaign of proposed) campaigns.push(await screenOne(campaign, view, session));
  return { taskId: view.task.id, campaigns };
};

async function screenOne(campaign: Campaign, view: TaskView, { deps }: Session): Promise<Campaign> {
  const { task, plan, gateState } = view;
  const span = startStep(deps, view, campaign, 'gate.screen');
  const { variant, parentId } = campaign.proposal;
  const parent = await findVariant(view, deps.store, parentId);
  const isServing = plan.arms.some(({ variantId }) => variantId === variant.id);
  const { checks } = screenCandidate({
    baseline: task.baseline.skeleton,
    parentEdits: parent?.edits ?? [],
    candidateEdits: variant.edits,
    radius: gateState.radius,
    config: task.config,
  });
  const screening = screeningOf([atMost('arms-of-this-variant', isServing ? 1 : 0, 0), ...checks]);
  const to = screening.isPassed ? 'screened' : 'rejected';
  const reason = screeningReason(screening);
  if (to === 'rejected') countCampaign(deps, view, 'screened-out');
  span.end({ outcome: to, reason });
  return moveCampaign(campaign, to, { atMs: deps.clock.now(), reason, screening });
}
