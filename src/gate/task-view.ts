import type { Campaign } from '../domain/campaign.ts';
import { isLearningHeld, startGateState, type GateState } from '../domain/gate-state.ts';
import { baselineVariantId, makeVariant, type Variant } from '../domain/variant.ts';
import type { TaskSnapshot } from '../store/plan-store.ts';
import type { Store } from '../store/store.ts';

/** A task as one step of the gate sees it. */
export interface TaskView extends TaskSnapshot {
  /** Open ones, oldest first. */
  readonly campaigns: readonly Campaign[];
  readonly gateState: GateState;
}

/** Reads a task anew; `undefined` where it does not exist. */
export async function readView(store: Store, taskId: string): Promise<TaskView | undefined> {
  const [snapshot, campaigns, gateState] = await Promise.all([
    store.readTask(taskId),
    store.readCampaigns(taskId, 'open'),
    store.readGateState(taskId),
  ]);
  return snapshot && { ...snapshot, campaigns, gateState: gateState ?? startGateState };
}

/** The state that replaces the one seen. */
export function nextGateState(
  { gateState }: Pick<TaskView, 'gateState'>,
  change: Partial<
    Pick<
      GateState,
      'errorBudget' | 'radius' | 'watch' | 'rebase' | 'credit' | 'trials' | 'pinned' | 'modelChangedAtMs'
    >
  >,
): GateState {
  return { ...gateState, ...change, revision: gateState.revision + 1 };
}

/** Whether a person has learning stand still; see `isLearningHeld`. */
export function isHeld({ plan, gateState }: Pick<TaskView, 'plan' | 'gateState'>): boolean {
  return isLearningHeld(plan, gateState);
}

/** The variant that the task's campaigns are compared with. */
export function incumbentOf({ task, plan, variants }: TaskSnapshot): Variant {
  return variants.find(({ id }) => id === plan.incumbentId) ?? makeVariant(task.id, plan.baselineVersion, []);
}

/** A variant by its id: the baseline, an arm, or one that the store remembers. */
export async function findVariant(
  { task, plan, variants }: TaskSnapshot,
  store: Pick<Store, 'readVariant'>,
  variantId: string,
): Promise<Variant | undefined> {
  if (variantId === baselineVariantId) return makeVariant(task.id, plan.baselineVersion, []);
  return variants.find(({ id }) => id === variantId) ?? (await store.readVariant(task.id, variantId));
}

/** The campaign whose candidate is a canary of the present plan. */
export function canaryOf({ campaigns, plan }: TaskView): Campaign | undefined {
  return campaigns.find(
    ({ state, proposal }) =>
      state === 'canary' && plan.arms.some(({ variantId }) => variantId === proposal.variant.id),
  );
}

/** Whether the watch is looking into an alarm on this variant. */
export function isAlarmed({ gateState }: TaskView, variantId: string): boolean {
  return (gateState.watch?.arms[variantId]?.alarm ?? null) !== null;
}
