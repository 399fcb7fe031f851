import type { Campaign } from '../domain/campaign.ts';
import type { CampaignStep, StepSpan } from '../telemetry/telemetry.ts';
import type { GateDeps } from './gate-deps.ts';
import type { TaskView } from './task-view.ts';

/** Begins a span of a campaign's own trace, linked to the requests that taught its proposal. */
export function startStep(
  { telemetry }: Pick<GateDeps, 'telemetry'>,
  { task }: Pick<TaskView, 'task'>,
  campaign: Campaign,
  name: CampaignStep['name'],
): StepSpan {
  return telemetry.startCampaignStep({
    name,
    campaignId: campaign.id,
    taskName: task.name,
    linkedTraceIds: campaign.proposal.shownTraceIds,
  });
}

/** Counts how a campaign went on or ended. */
export function countCampaign(
  { telemetry }: Pick<GateDeps, 'telemetry'>,
  { task }: Pick<TaskView, 'task'>,
  outcome: string,
): void {
  telemetry.count('ratchet.campaigns', 1, { task: task.name, outcome });
}
