import { isLegalMove, type Campaign } from '../../domain/campaign.ts';
import type { GateState } from '../../domain/gate-state.ts';
import { assertPlan, isForcedRemoval, type ServingPlan } from '../../domain/plan.ts';
import { baselineVariantId, type Variant } from '../../domain/variant.ts';
import type { GateChange } from '../campaign-store.ts';
import type { Retired } from './ledger-rows.ts';

/** What is stored of the things that a change of the gate replaces. */
export interface GateStored {
  readonly gateState: GateState | undefined;
  /** Newest plan; `undefined` where the task is unknown. */
  readonly plan: ServingPlan | undefined;
  /** By id: all campaigns that the change names, new ones too, as far as they exist. */
  readonly campaigns: ReadonlyMap<string, Campaign>;
}

/**
 * Whether a change of the gate may be applied to what is stored: every revision and version is one more than the
 * stored one, new campaigns are new. Throws a RangeError for a change that could never be: an illegal move of a
 * campaign, a plan against its invariants, parts of another task.
 */
export function checkGateChange(change: GateChange, stored: GateStored): 'fits' | 'conflict' {
  assertGateChange(change, stored);
  const { gateState, campaigns = [], newCampaigns = [], plan } = change;
  const fits =
    (gateState === undefined || gateState.revision === (stored.gateState?.revision ?? 0) + 1) &&
    campaigns.every(({ id, revision }) => stored.campaigns.get(id)?.revision === revision - 1) &&
    newCampaigns.every(({ id }) => !stored.campaigns.has(id)) &&
    (plan === undefined || plan.version === (stored.plan?.version ?? 0) + 1);
  if (!fits) return 'conflict';
  for (const next of campaigns) assertMove(stored.campaigns.get(next.id), next);
  return 'fits';
}

/**
 * Which draws stop counting after a plan: of variants that a roll-back took away, and, where the baseline changed, of
 * every arm of the plan before, since the same ids now stand for other prompts.
 */
export function retiredBy(retired: Retired, before: ServingPlan, plan: ServingPlan): Retired {
  const isForced = isForcedRemoval(plan.cause);
  if (!isForced && plan.cause.kind !== 'baseline-changed') return retired;
  const kept = new Set(isForced ? plan.arms.map(({ variantId }) => variantId) : []);
  const gone = before.arms.filter(({ variantId }) => !kept.has(variantId));
  return { ...retired, ...Object.fromEntries(gone.map(({ variantId }) => [variantId, plan.version])) };
}

/** The variants of a plan's arms. The baseline needs no row: it is the version without edits. */
export function armVariants(
  plan: ServingPlan,
  variantOf: (variantId: string) => Variant | undefined,
): readonly Variant[] {
  return plan.arms.map(({ variantId }) => {
    const variant = variantId === baselineVariantId ? baselineOf(plan) : variantOf(variantId);
    if (variant === undefined)
      throw new RangeError(`plan ${plan.version} of task ${plan.taskId}: no variant ${variantId} is stored`);
    return variant;
  });
}

/** The variant without edits, under the baseline version that a plan serves. */
export function baselineOf({ taskId, baselineVersion }: ServingPlan): Variant {
  return { id: baselineVariantId, taskId, baselineVersion, edits: [] };
}

function assertGateChange(
  { taskId, campaigns = [], newCampaigns = [], plan, watchEvents = [] }: GateChange,
  stored: GateStored,
): void {
  const parts = [...campaigns, ...newCampaigns, ...watchEvents, ...(plan === undefined ? [] : [plan])];
  if (parts.some((part) => part.taskId !== taskId))
    throw new RangeError(`a gate change of task ${taskId} holds parts of another task`);
  if (newCampaigns.some(({ state }) => state !== 'proposed'))
    throw new RangeError(`a new campaign of task ${taskId} is not in state proposed`);
  if (plan === undefined) return;
  assertPlan(plan);
  if (stored.plan === undefined) throw new RangeError(`task ${taskId} is unknown and can have no plan`);
}

function assertMove(before: Campaign | undefined, next: Campaign): void {
  if (before === undefined || before.state === next.state) return;
  if (!isLegalMove(before.state, next))
    throw new RangeError(`campaign ${next.id}: ${before.state} may not become ${next.state}`);
}
