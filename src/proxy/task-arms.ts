import { isForcedRemoval, type ServingPlan } from '../domain/plan.ts';
import { renderVariant, variantSkeleton } from '../domain/render-variant.ts';
import { fillSkeleton, type Skeleton, type SlotValues } from '../domain/skeleton.ts';
import type { Baseline } from '../domain/task.ts';
import type { Variant } from '../domain/variant.ts';
import type { TaskSnapshot } from '../store/plan-store.ts';

/** Variants of a task that are remembered after they left the plan, for the conversations that keep them. */
const rememberedMax = 32;

/** The variants of one task as they are served: rendered skeletons, made once per baseline. */
export interface TaskArms {
  /** Takes note of a newer plan: which variants it has, which it took away for harm. */
  readonly follow: (snapshot: TaskSnapshot) => void;
  /** Whether conversations must leave the variant. */
  readonly isRemoved: (variantId: string) => boolean;
  /**
   * The prompt of a variant for one request; `undefined` where the variant is unknown, its edits have no place in this
   * baseline, or the prompt would not keep what no edit may touch.
   */
  readonly promptOf: (variantId: string, baseline: Baseline, slots: SlotValues) => string | undefined;
  /** Whether every variant comes out the same, whichever of two readings of a prompt it is filled with. */
  readonly isIndifferent: (baseline: Baseline, one: SlotValues, other: SlotValues) => boolean;
}

/** Starts without a plan. */
export function createTaskArms(): TaskArms {
  const variants = new Map<string, Variant>();
  const removed = new Set<string>();
  let plan: ServingPlan | undefined;
  let compiledFrom: Skeleton | undefined;
  let protect: readonly string[] = [];
  const compiled = new Map<string, Skeleton | null>();

  const skeletonOf = (variantId: string, baseline: Baseline): Skeleton | undefined => {
    if (compiledFrom !== baseline.skeleton) compiled.clear();
    compiledFrom = baseline.skeleton;
    const known = compiled.get(variantId);
    if (known !== undefined) return known ?? undefined;
    const variant = variants.get(variantId);
    if (variant === undefined || variant.baselineVersion !== baseline.version) return undefined;
    const skeleton = variantSkeleton(baseline.skeleton, variant.edits, protect);
    compiled.set(variantId, skeleton ?? null);
    return skeleton;
  };

  return {
    follow: (snapshot) => {
      const { protect: phrases } = snapshot.task.config;
      if (!isSameList(phrases, protect)) {
        protect = phrases;
        compiled.clear();
      }
      if (snapshot.plan === plan || snapshot.plan.version === plan?.version) return;
      for (const variantId of takenAway(plan, snapshot.plan)) removed.add(variantId);
      plan = snapshot.plan;
      for (const { variantId } of plan.arms) removed.delete(variantId);
      for (const variant of snapshot.variants) {
        variants.delete(variant.id);
        variants.set(variant.id, variant);
      }
      for (const id of variants.keys()) {
        if (variants.size <= rememberedMax + plan.arms.length) break;
        variants.delete(id);
        removed.delete(id);
        compiled.delete(id);
      }
    },
    isRemoved: (variantId) => removed.has(variantId),
    promptOf: (variantId, baseline, slots) => {
      const variant = skeletonOf(variantId, baseline);
      return variant && renderVariant({ baseline: baseline.skeleton, variant, slots, protect });
    },
    isIndifferent: (baseline, one, other) =>
      [...variants.keys()].every((variantId) => {
        const skeleton = skeletonOf(variantId, baseline);
        return skeleton === undefined || fillSkeleton(skeleton, one) === fillSkeleton(skeleton, other);
      }),
  };
}

/**
 * Variants that a newer plan lacks, when harm was the cause. Where plans in between were missed their causes are unknown,
 * so that all that is gone counts as taken away: a conversation that leaves a good variant is the smaller harm.
 */
function takenAway(older: ServingPlan | undefined, newer: ServingPlan): readonly string[] {
  if (older === undefined) return [];
  const isKnownCause = newer.version === older.version + 1;
  if (isKnownCause && !isForcedRemoval(newer.cause)) return [];
  const arms = new Set(newer.arms.map(({ variantId }) => variantId));
  return older.arms.map(({ variantId }) => variantId).filter((variantId) => !arms.has(variantId));
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one === other || (one.length === other.length && one.every((text, index) => text === other[index]));
}
