import type { AuditEntry } from './audit-entry.ts';
import type { Campaign, CampaignState } from './campaign.ts';
import type { WatchEvent } from './gate-state.ts';
import type { PlanCause } from './plan.ts';
import type { Verdict } from './verdict.ts';

/** Something that changed in a task, in the order in which it was committed. */
export type ChangeEvent = { readonly taskId: string; readonly atMs: number } & (
  | { readonly kind: 'task-added' }
  | {
      readonly kind: 'plan-changed';
      readonly version: number;
      readonly incumbentId: string;
      readonly cause: PlanCause;
    }
  | ({ readonly kind: 'campaign-changed' } & CampaignChange)
  | { readonly kind: 'watch-event'; readonly event: WatchEvent }
  | { readonly kind: 'person-acted'; readonly entry: AuditEntry }
);

/** A campaign as one change left it. */
export interface CampaignChange {
  readonly campaignId: string;
  readonly revision: number;
  readonly state: CampaignState;
  readonly verdict: Verdict['kind'] | null;
  /** Where the e-processes stood; `null` before the first verdict. */
  readonly evidence: EvidencePoint | null;
}

/** One point on the path of a test. Logarithms are natural. */
export interface EvidencePoint {
  readonly pairs: number;
  readonly meanDifference: number | null;
  readonly logSuperiority: number;
  readonly logHarm: number;
  readonly logFutility: number;
  readonly logThreshold: number;
}

/** An event with its place in the log, which grows with time. */
export type RecordedChange = ChangeEvent & { readonly position: number };

/** What is told of a campaign that was added or replaced. */
export function campaignChange({ id, revision, state, verdict }: Campaign): CampaignChange {
  return {
    campaignId: id,
    revision,
    state,
    verdict: verdict?.kind ?? null,
    evidence: verdict === null ? null : pointOf(verdict),
  };
}

function pointOf({ evidence }: Verdict): EvidencePoint {
  const { pairs, meanDifference, logSuperiority, logHarm, logFutility, logThreshold } = evidence;
  return { pairs, meanDifference, logSuperiority, logHarm, logFutility, logThreshold };
}
