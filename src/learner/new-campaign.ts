import type { Campaign } from '../domain/campaign.ts';
import { openCampaign } from '../domain/open-campaign.ts';
import { contentHash } from '../domain/content-hash.ts';
import type { ProposalSetup } from '../domain/proposal.ts';
import type { ServingPlan } from '../domain/plan.ts';
import type { ProposalPurpose } from '../domain/test-terms.ts';
import type { Trace } from '../domain/trace.ts';
import type { Variant } from '../domain/variant.ts';

/** Where a candidate came from. */
export interface Origin {
  readonly plan: ServingPlan;
  readonly optimizer: string;
  readonly shown: readonly Trace[];
  readonly costUsd: number;
  /** Absent: `improve`. */
  readonly purpose?: ProposalPurpose | undefined;
  readonly setup?: ProposalSetup;
  /** After the answer, hence after every trace that was shown: all evidence will be younger. */
  readonly nowMs: number;
  /** Campaigns of the same variant against the same incumbent that have ended. */
  readonly endedBefore: number;
}

/** A campaign for a candidate. Its id follows from what it is about, so that proposing it twice changes nothing. */
export function newCampaign(variant: Variant, origin: Origin): Campaign {
  const { plan, optimizer, shown, costUsd, purpose, nowMs, endedBefore, setup } = origin;
  return openCampaign(
    contentHash(plan.taskId, variant.id, plan.incumbentId, `${plan.version} ${endedBefore}`),
    {
      variant,
      parentId: plan.incumbentId,
      optimizer,
      originCampaignId: null,
      shownDecisionIds: shown.map(({ decision }) => decision.decisionId),
      shownTraceIds: [...new Set(shown.flatMap(({ decision }) => decision.traceId ?? []))],
      costUsd,
      atMs: nowMs,
      ...(purpose === undefined ? {} : { purpose }),
      ...(setup === undefined ? {} : { setup }),
    },
    { taskId: plan.taskId, incumbentId: plan.incumbentId },
  );
}
