import { baselineVariantId } from './variant.ts';

/**
 * What may be served for a task. Plans are append-only: a change, a rollback too, is a new version.
 */
export interface ServingPlan {
  readonly taskId: string;
  /** From 1, without gaps within a task. */
  readonly version: number;
  readonly baselineVersion: number;
  /** Always holds the baseline and the incumbent. */
  readonly arms: readonly Arm[];
  /** Variant id of the arm that the gate promoted last; at first the baseline. */
  readonly incumbentId: string;
  /** Variant id of the arm that takes all traffic by order of an operator; absent: none. Nothing is learned from it. */
  readonly pinnedId?: string;
  readonly cause: PlanCause;
  readonly atMs: number;
}

export interface Arm {
  readonly variantId: string;
  readonly status: 'baseline' | 'incumbent' | 'canary' | 'superseded';
  /** Largest share of traffic, (0, 1]. */
  readonly cap: number;
  /** Largest share of traffic that it enters with, (0, 1], where less than usual; it may grow from there. */
  readonly entryShare?: number;
}

export type PlanCause =
  | { readonly kind: 'first' }
  | { readonly kind: 'baseline-changed' }
  | { readonly kind: 'canary-started'; readonly campaignId: string }
  /** `by`: the person who promoted it without the gate's verdict; absent: the gate did. */
  | { readonly kind: 'promoted'; readonly campaignId: string; readonly by?: string }
  | { readonly kind: 'canary-stopped'; readonly campaignId: string; readonly reason: string }
  | {
      readonly kind: 'rolled-back';
      readonly campaignId: string | null;
      readonly reason: 'regression' | 'undecided' | 'guardrail' | 'operator';
      /** Who rolled back by hand, and to which plan's arms; absent: the gate did. */
      readonly by?: string;
      readonly toVersion?: number;
    }
  | { readonly kind: 'pinned'; readonly variantId: string; readonly by: string }
  | { readonly kind: 'unpinned'; readonly by: string };

/** Variants that an episode must leave at its next request, because a plan took them away for harm. */
export function isForcedRemoval(cause: PlanCause): boolean {
  return cause.kind === 'rolled-back';
}

/** The plan every task starts from: the agent's own prompt with all of the traffic. */
export function firstPlan(taskId: string, baselineVersion: number, atMs: number): ServingPlan {
  return {
    taskId,
    version: 1,
    baselineVersion,
    arms: [{ variantId: baselineVariantId, status: 'baseline', cap: 1 }],
    incumbentId: baselineVariantId,
    cause: { kind: 'first' },
    atMs,
  };
}

/** Throws unless the plan keeps its invariants; called on write and again on read. */
export function assertPlan(plan: ServingPlan): void {
  const ids = new Set(plan.arms.map(({ variantId }) => variantId));
  const fault =
    ids.size !== plan.arms.length
      ? 'an arm appears twice'
      : !ids.has(baselineVariantId)
        ? 'the baseline is missing'
        : !ids.has(plan.incumbentId)
          ? 'the incumbent is not an arm'
          : plan.pinnedId !== undefined && !ids.has(plan.pinnedId)
            ? 'the pinned variant is not an arm'
            : plan.arms.some(({ cap }) => !(cap > 0 && cap <= 1))
              ? 'a cap is outside (0, 1]'
              : plan.arms.some(({ entryShare = 1 }) => !(entryShare > 0 && entryShare <= 1))
                ? 'an entry share is outside (0, 1]'
                : undefined;
  if (fault !== undefined) throw new RangeError(`plan ${plan.version} of task ${plan.taskId}: ${fault}`);
}
