import { planWithPromotion, planWithRollback } from './next-plan.ts';
import type { PlanCause, ServingPlan } from './plan.ts';
import { baselineVariantId } from './variant.ts';

/** Who orders a plan, and when. */
export interface Order {
  readonly by: string;
  readonly atMs: number;
}

/** What comes of an order: the plan that follows, or why there can be none. */
export type PlanOrder =
  | { readonly kind: 'changed'; readonly plan: ServingPlan }
  | { readonly kind: 'refused'; readonly reason: string };

/** All traffic to one arm, until it is unpinned. What serves besides is not forgotten. */
export function pinArm(plan: ServingPlan, variantId: string, order: Order): PlanOrder {
  if (!plan.arms.some((arm) => arm.variantId === variantId))
    return refused(`${variantId} is no arm of plan ${plan.version}; promote it or roll back to it first`);
  if (plan.pinnedId === variantId) return refused(`${variantId} is pinned already`);
  return changed({ ...plan, pinnedId: variantId }, { kind: 'pinned', variantId, by: order.by }, order);
}

/** The bandit's probabilities hold again, as they were when the pin began. */
export function unpin({ pinnedId, ...plan }: ServingPlan, order: Order): PlanOrder {
  if (pinnedId === undefined) return refused('no variant is pinned');
  return changed(plan, { kind: 'unpinned', by: order.by }, order);
}

/** A variant becomes the incumbent without a verdict; the plan says by whom. */
export function promoteArm(
  plan: ServingPlan,
  { variantId, campaignId }: { readonly variantId: string; readonly campaignId: string },
  { by, atMs }: Order,
): PlanOrder {
  if (plan.incumbentId === variantId) return refused(`${variantId} is the incumbent already`);
  const promoted = planWithPromotion(plan, variantId, campaignId, atMs);
  return { kind: 'changed', plan: { ...promoted, cause: { kind: 'promoted', campaignId, by } } };
}

/**
 * The way back to what an earlier plan served: its incumbent, and of the arms of today those that it had too. A new plan
 * is appended. Conversations leave what is taken away at their next request. A plan of another baseline is no way back,
 * since its variants were written for another prompt.
 */
export function rollBackTo(plan: ServingPlan, target: ServingPlan, { by, atMs }: Order): PlanOrder {
  if (target.baselineVersion !== plan.baselineVersion)
    return refused(
      `plan ${target.version} served baseline ${target.baselineVersion}, the agent sends ${plan.baselineVersion} now`,
    );
  const had = new Set(target.arms.map(({ variantId }) => variantId));
  const removedIds = plan.arms
    .map(({ variantId }) => variantId)
    .filter((variantId) => variantId !== baselineVariantId && !had.has(variantId));
  if (target.incumbentId === plan.incumbentId && removedIds.length === 0)
    return refused(`plan ${plan.version} serves nothing that plan ${target.version} did not`);
  const rollback = {
    removedIds,
    toVariantId: target.incumbentId,
    campaignId: null,
    reason: 'operator',
  } as const;
  const back = planWithRollback(plan, rollback, atMs);
  const cause: PlanCause = {
    kind: 'rolled-back',
    campaignId: null,
    reason: 'operator',
    by,
    toVersion: target.version,
  };
  return { kind: 'changed', plan: { ...back, cause } };
}

function changed(
  plan: ServingPlan,
  cause: PlanCause,
  { atMs }: Order,
): Extract<PlanOrder, { readonly kind: 'changed' }> {
  return { kind: 'changed', plan: { ...plan, version: plan.version + 1, cause, atMs } };
}

function refused(reason: string): PlanOrder {
  return { kind: 'refused', reason };
}
