import type { RewardSums } from '../domain/bandit-state.ts';
import { meanDifference } from '../stats/mean-difference.ts';

/** δ₀, nats: the KL limit of a new candidate's first step. */
export const klMaxStart = 0.005;

/**
 * The KL limit of the step after this one: ×1.5, at most .05, if the candidates' mean reward was above the incumbent's
 * since the last step; ×.5, at least .0005, if it was more than 1.5 standard errors below. Unchanged in between, and
 * where either side was not observed.
 */
export function adaptKlMax(klMax: number, candidates: RewardSums, incumbent: RewardSums): number {
  const found = meanDifference(candidates, incumbent);
  if (found === null) return klMax;
  if (found.difference > 0) return Math.min(0.05, klMax * 1.5);
  const isWorse = found.standardError !== null && found.difference < -1.5 * found.standardError;
  return isWorse ? Math.max(0.0005, klMax * 0.5) : klMax;
}
