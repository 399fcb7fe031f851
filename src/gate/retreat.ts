import type { ServingPlan } from '../domain/plan.ts';
import { baselineVariantId, type Variant } from '../domain/variant.ts';
import { editKey } from '../domain/edit-key.ts';

/** Places of retreat that a burst compares at most. */
const opponentsMax = 3;

/**
 * Where a task could go back to from its incumbent: earlier incumbents of this baseline version, the last one first,
 * then the baseline. Those that were rolled back themselves are no refuge. `plans` are the newest plans, newest first.
 */
export function placesOfRetreat(
  plans: readonly ServingPlan[],
  rolledBackIds: ReadonlySet<string>,
): readonly string[] {
  const [current] = plans;
  if (current === undefined || current.incumbentId === baselineVariantId) return [];
  const earlier = plans
    .filter(({ baselineVersion }) => baselineVersion === current.baselineVersion)
    .map(({ incumbentId }) => incumbentId)
    .filter((id) => id !== current.incumbentId && id !== baselineVariantId && !rolledBackIds.has(id));
  return [...[...new Set(earlier)].slice(0, opponentsMax - 1), baselineVariantId];
}

/** Whether a variant was built upon another one: it begins with all of the other's edits. Every variant is upon itself. */
export function isBuiltUpon(variant: Variant, other: Variant): boolean {
  return (
    variant.baselineVersion === other.baselineVersion &&
    other.edits.every((edit, index) => {
      const own = variant.edits[index];
      return own !== undefined && editKey(own) === editKey(edit);
    })
  );
}
