import { applyEdits } from '../domain/apply-edits.ts';
import type { BanditState } from '../domain/bandit-state.ts';
import type { Edit } from '../domain/edit.ts';
import type { GateState } from '../domain/gate-state.ts';
import { skeletonText } from '../domain/skeleton.ts';
import type { Spend } from '../domain/spend.ts';
import { baselineVariantId } from '../domain/variant.ts';
import type { TaskSnapshot } from '../store/plan-store.ts';
import type { PlanView } from './api/plan.schema.ts';
import { wilson } from './wilson.ts';

/** A task in a list. */
export interface TaskSummary {
  readonly id: string;
  readonly name: string;
  readonly scope: string;
  readonly createdAtMs: number;
  readonly baselineVersion: number;
  readonly planVersion: number;
  readonly incumbentId: string;
  /** Arm that takes all traffic by order of an operator; `null`: none. */
  readonly pinnedId: string | null;
  readonly arms: number;
  /** Feedbacks that moved the bandit. */
  readonly feedbacks: number;
  /** Decayed mean rewards; `null` before the first feedback. */
  readonly value: { readonly incumbent: number | null; readonly baseline: number | null };
}

/** What one page about a task shows. */
export interface TaskDetail extends TaskSummary {
  readonly baselineText: string;
  /** What the incumbent makes of it. */
  readonly prompt: string;
  readonly config: TaskSnapshot['task']['config'];
  readonly plan: PlanView;
  readonly armDetails: readonly ArmView[];
  readonly openCampaigns: number;
  readonly paused: GateState['paused'] | null;
  readonly spend: { readonly today: Spend; readonly total: Spend };
}

/** An arm with what it serves and delivers. */
export interface ArmView {
  readonly variantId: string;
  readonly status: string;
  readonly cap: number;
  readonly probability: number;
  /** Decayed mean reward, `null` before the first feedback. */
  readonly meanReward: number | null;
  /** Ends of Wilson's 95 % interval around it, which is for one look. */
  readonly low: number | null;
  readonly high: number | null;
  /** Decayed number of observations. */
  readonly observations: number;
  readonly edits: readonly Edit[];
}

/** The line of a task in a list. */
export function summarise({ task, plan, bandit }: TaskSnapshot): TaskSummary {
  return {
    id: task.id,
    name: task.name,
    scope: task.scope,
    createdAtMs: task.createdAtMs,
    baselineVersion: task.baseline.version,
    planVersion: plan.version,
    incumbentId: plan.incumbentId,
    pinnedId: plan.pinnedId ?? null,
    arms: plan.arms.length,
    feedbacks: bandit.feedbacks,
    value: {
      incumbent: delivered(bandit, plan.incumbentId).meanReward,
      baseline: delivered(bandit, baselineVariantId).meanReward,
    },
  };
}

/** Everything about a task at this moment. */
export function describeTask(
  snapshot: TaskSnapshot,
  known: Pick<TaskDetail, 'plan' | 'openCampaigns' | 'spend'> & {
    readonly gateState: GateState | undefined;
  },
): TaskDetail {
  const { task, plan, variants } = snapshot;
  const { skeleton } = task.baseline;
  const edits = variants.find(({ id }) => id === plan.incumbentId)?.edits ?? [];
  return {
    ...summarise(snapshot),
    baselineText: skeletonText(skeleton),
    prompt: skeletonText(applyEdits(skeleton, edits) ?? skeleton),
    config: task.config,
    plan: known.plan,
    armDetails: plan.arms.map((arm) => describeArm(snapshot, arm)),
    openCampaigns: known.openCampaigns,
    paused: known.gateState?.paused ?? null,
    spend: known.spend,
  };
}

function describeArm(
  { variants, routing, bandit }: TaskSnapshot,
  { variantId, status, cap }: TaskSnapshot['plan']['arms'][number],
): ArmView {
  return {
    variantId,
    status,
    cap,
    probability: routing.probabilities[variantId] ?? 0,
    ...delivered(bandit, variantId),
    edits: variants.find(({ id }) => id === variantId)?.edits ?? [],
  };
}

function delivered(
  { arms }: BanditState,
  variantId: string,
): Pick<ArmView, 'meanReward' | 'low' | 'high' | 'observations'> {
  const { N: observations, S: losses } = arms[variantId] ?? { N: 0, S: 0 };
  if (observations <= 0) return { meanReward: null, low: null, high: null, observations: 0 };
  const meanReward = Math.min(1, Math.max(0, 1 - losses / observations));
  return { meanReward, ...wilson(meanReward, observations), observations };
}
