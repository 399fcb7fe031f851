import type { Arm, PlanCause, ServingPlan } from './plan.ts';
import { baselineVariantId } from './variant.ts';

/** Each function gives the plan that follows another one; none changes the plan it is given. */

const baselineArm: Arm = { variantId: baselineVariantId, status: 'baseline', cap: 1 };

/** The developer shipped a new prompt: it alone serves, since no edit was written or tested against it. */
export function planForBaseline(plan: ServingPlan, baselineVersion: number, atMs: number): ServingPlan {
  return {
    ...next(plan, [baselineArm], { kind: 'baseline-changed' }, atMs),
    baselineVersion,
    incumbentId: baselineVariantId,
  };
}

/** Admits a candidate. Its share starts small whatever its cap, and grows in bounded steps. */
export function planWithCanary(
  plan: ServingPlan,
  variantId: string,
  campaignId: string,
  atMs: number,
): ServingPlan {
  const arms = [...without(plan.arms, [variantId]), { variantId, status: 'canary' as const, cap: 1 }];
  return next(plan, arms, { kind: 'canary-started', campaignId }, atMs);
}

/** The same plan with an arm that enters with no more than this share of traffic, (0, 1]. */
export function withEntryShare(plan: ServingPlan, variantId: string, entryShare: number): ServingPlan {
  const arms = plan.arms.map((arm) => (arm.variantId === variantId ? { ...arm, entryShare } : arm));
  return { ...plan, arms };
}

/** Ends a canary that did no harm; its conversations may go on. */
export function planWithoutCanary(
  plan: ServingPlan,
  canary: { readonly variantId: string; readonly campaignId: string; readonly reason: string },
  atMs: number,
): ServingPlan {
  const { variantId, campaignId, reason } = canary;
  return next(plan, without(plan.arms, [variantId]), { kind: 'canary-stopped', campaignId, reason }, atMs);
}

/** The arm becomes the incumbent; of the incumbents before it only the last one stays beside the baseline. */
export function planWithPromotion(
  plan: ServingPlan,
  variantId: string,
  campaignId: string,
  atMs: number,
): ServingPlan {
  const arms: Arm[] = [baselineArm, { variantId, status: 'incumbent', cap: 1 }];
  if (plan.incumbentId !== baselineVariantId)
    arms.push({ variantId: plan.incumbentId, status: 'superseded', cap: 1 });
  return { ...next(plan, arms, { kind: 'promoted', campaignId }, atMs), incumbentId: variantId };
}

/** What a rollback takes away, and what serves instead. */
export interface Rollback {
  /** Arms that are removed with the harmful one: those built upon it. */
  readonly removedIds: readonly string[];
  /** The incumbent from now on; it is admitted again if it had left the plan. */
  readonly toVariantId: string;
  readonly campaignId: string | null;
  readonly reason: Extract<PlanCause, { kind: 'rolled-back' }>['reason'];
}

/**
 * The way back. Canaries leave too when the incumbent changes, since they were compared with the one that failed; when
 * the harmful arm is itself a canary, the rest of the plan stays as it is.
 */
export function planWithRollback(
  plan: ServingPlan,
  { removedIds, toVariantId, campaignId, reason }: Rollback,
  atMs: number,
): ServingPlan {
  const cause: PlanCause = { kind: 'rolled-back', campaignId, reason };
  const kept = without(plan.arms, removedIds.filter(isEdited));
  if (toVariantId === plan.incumbentId) return next(plan, kept, cause, atMs);
  const arms: Arm[] = [baselineArm];
  if (isEdited(toVariantId)) arms.push({ variantId: toVariantId, status: 'incumbent', cap: 1 });
  arms.push(
    ...kept
      .filter(({ variantId, status }) => status === 'superseded' && variantId !== toVariantId)
      .slice(0, 1),
  );
  return { ...next(plan, arms, cause, atMs), incumbentId: toVariantId };
}

/** A pin lasts as long as its arm. */
function next(
  { pinnedId, ...plan }: ServingPlan,
  arms: readonly Arm[],
  cause: PlanCause,
  atMs: number,
): ServingPlan {
  const isPinned = pinnedId !== undefined && arms.some(({ variantId }) => variantId === pinnedId);
  return { ...plan, version: plan.version + 1, arms, ...(isPinned ? { pinnedId } : {}), cause, atMs };
}

function without(arms: readonly Arm[], variantIds: readonly string[]): readonly Arm[] {
  return arms.filter(({ variantId }) => !variantIds.includes(variantId));
}

function isEdited(variantId: string): boolean {
  return variantId !== baselineVariantId;
}
