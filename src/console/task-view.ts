import type { Campaign } from '../domain/campaign.ts';
import type { CreditReport } from '../domain/credit-report.ts';
import type { GateState, Trial, WatchEvent } from '../domain/gate-state.ts';
import { skeletonText } from '../domain/skeleton.ts';
import type { Spend } from '../domain/spend.ts';
import type { TaskSnapshot } from '../store/plan-store.ts';

/** A task in a list. */
export interface TaskSummary {
  readonly id: string;
  readonly name: string;
  readonly createdAtMs: number;
  readonly baselineVersion: number;
  readonly planVersion: number;
  readonly incumbentId: string;
  readonly arms: number;
  /** Feedbacks that moved the bandit. */
  readonly feedbacks: number;
}

/** What one page about a task shows. */
export interface TaskDetail extends TaskSummary {
  readonly baselineText: string;
  readonly config: TaskSnapshot['task']['config'];
  readonly plan: TaskSnapshot['plan'];
  readonly armDetails: readonly ArmView[];
  readonly campaigns: readonly CampaignView[];
  readonly watchEvents: readonly WatchEvent[];
  /** What each edit is worth, when the gate looked last; `null` before its first look. */
  readonly credit: CreditReport | null;
  /** Variants that the gate found by itself, waiting for a campaign. */
  readonly trials: readonly Trial[];
  readonly spend: { readonly today: Spend; readonly total: Spend };
}

interface ArmView {
  readonly variantId: string;
  readonly status: string;
  readonly cap: number;
  readonly probability: number;
  /** Decayed mean reward, `null` before the first feedback. */
  readonly meanReward: number | null;
  /** Decayed number of observations. */
  readonly observations: number;
  readonly edits: TaskSnapshot['variants'][number]['edits'];
}

type CampaignView = Pick<
  Campaign,
  'id' | 'state' | 'incumbentId' | 'alphaLevel' | 'screening' | 'verdict' | 'canary' | 'history'
> & {
  readonly variantId: string;
  readonly optimizer: string;
  readonly proposedAtMs: number;
  readonly costUsd: number;
  readonly edits: Campaign['proposal']['variant']['edits'];
};

/** The line of a task in a list. */
export function summarise({ task, plan, bandit }: TaskSnapshot): TaskSummary {
  return {
    id: task.id,
    name: task.name,
    createdAtMs: task.createdAtMs,
    baselineVersion: task.baseline.version,
    planVersion: plan.version,
    incumbentId: plan.incumbentId,
    arms: plan.arms.length,
    feedbacks: bandit.feedbacks,
  };
}

/** Everything about a task, with why each thing is as it is. */
export function describeTask(
  snapshot: TaskSnapshot,
  history: Pick<TaskDetail, 'watchEvents' | 'spend'> & {
    readonly campaigns: readonly Campaign[];
    readonly gateState: GateState | undefined;
  },
): TaskDetail {
  const { task, plan } = snapshot;
  return {
    ...summarise(snapshot),
    baselineText: skeletonText(task.baseline.skeleton),
    config: task.config,
    plan,
    armDetails: plan.arms.map((arm) => describeArm(snapshot, arm)),
    campaigns: history.campaigns.map(describeCampaign),
    watchEvents: history.watchEvents,
    credit: history.gateState?.credit ?? null,
    trials: history.gateState?.trials ?? [],
    spend: history.spend,
  };
}

function describeArm(
  { variants, routing, bandit }: TaskSnapshot,
  { variantId, status, cap }: TaskSnapshot['plan']['arms'][number],
): ArmView {
  const sums = bandit.arms[variantId];
  const observations = sums?.N ?? 0;
  return {
    variantId,
    status,
    cap,
    probability: routing.probabilities[variantId] ?? 0,
    meanReward: sums === undefined || observations === 0 ? null : 1 - sums.S / observations,
    observations,
    edits: variants.find(({ id }) => id === variantId)?.edits ?? [],
  };
}

function describeCampaign(campaign: Campaign): CampaignView {
  const { id, state, incumbentId, alphaLevel, screening, verdict, canary, history, proposal } = campaign;
  return {
    id,
    state,
    incumbentId,
    alphaLevel,
    screening,
    verdict,
    canary,
    history,
    variantId: proposal.variant.id,
    optimizer: proposal.optimizer,
    proposedAtMs: proposal.atMs,
    costUsd: proposal.costUsd,
    edits: proposal.variant.edits,
  };
}
