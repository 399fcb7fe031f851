import { isOpen } from '../domain/campaign.ts';
import type { ProposalSetup } from '../domain/proposal.ts';
import type { ProposalPurpose } from '../domain/test-terms.ts';
import type { Trace } from '../domain/trace.ts';
import type { Variant } from '../domain/variant.ts';
import type { TaskSnapshot } from '../store/plan-store.ts';
import type { LearnerDeps } from './learner-deps.ts';
import { newCampaign } from './new-campaign.ts';

/** What led to some candidates. */
export interface Authorship {
  readonly optimizer: string;
  readonly shown: readonly Trace[];
  /** Of all of them together; shared out evenly. */
  readonly costUsd: number;
  /** Absent: `improve`. */
  readonly purpose?: ProposalPurpose | undefined;
  /** Calls of all of them together; absent: no model was asked. */
  readonly setup?: ProposalSetup;
}

/** Opens a campaign for each variant; the ids of those that did not exist before. */
export async function openCampaigns(
  { store, telemetry, clock, logger }: LearnerDeps,
  { task, plan }: TaskSnapshot,
  variants: readonly Variant[],
  { optimizer, shown, costUsd, purpose, setup }: Authorship,
): Promise<readonly string[]> {
  const opened: string[] = [];
  // One moment for all of them: it tells the proposals of one turn from those of another.
  const nowMs = clock.now();
  const campaigns = variants.length === 0 ? [] : await store.readCampaigns(task.id, 'all');
  for (const variant of variants) {
    const campaign = newCampaign(variant, {
      plan,
      optimizer,
      shown,
      purpose,
      costUsd: costUsd / variants.length,
      ...(setup === undefined ? {} : { setup: { ...setup, calls: setup.calls / variants.length } }),
      nowMs,
      endedBefore: campaigns.filter(
        ({ state, proposal, incumbentId }) =>
          !isOpen(state) && proposal.variant.id === variant.id && incumbentId === plan.incumbentId,
      ).length,
    });
    const span = telemetry.startCampaignStep({
      name: 'learner.propose',
      campaignId: campaign.id,
      taskName: task.name,
      linkedTraceIds: campaign.proposal.shownTraceIds,
      labels: { optimizer, variant: variant.id },
    });
    let isNew = false;
    try {
      isNew = await store.addCampaign(campaign);
    } finally {
      span.end({ new: isNew });
    }
    if (!isNew) continue;
    opened.push(campaign.id);
    telemetry.count('ratchet.campaigns', 1, { task: task.name, state: 'proposed' });
  }
  if (opened.length > 0)
    logger.info('learner.proposed', { taskId: task.id, optimizer, campaigns: opened.length });
  return opened;
}
