import type { Routing } from '../../domain/bandit-state.ts';

/**
 * Whether two routings serve alike: same plan, incumbent, probabilities. Sums that only the next step reads may
 * differ, so that not every feedback makes every replica read the task again.
 */
export function isSameRouting(one: Routing, other: Routing): boolean {
  if (one === other) return true;
  if (one.planVersion !== other.planVersion || one.incumbentId !== other.incumbentId) return false;
  const ids = Object.keys(one.probabilities);
  return (
    ids.length === Object.keys(other.probabilities).length &&
    ids.every((id) => one.probabilities[id] === other.probabilities[id])
  );
}
