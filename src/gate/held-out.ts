import type { Campaign, ScreeningCheck } from '../domain/campaign.ts';
import { atMost } from './trust-region.ts';

/** Past requests that a candidate is tried on, and how many of them must have a difference to count. */
export const heldOutRequests = 40;
export const heldOutPairsMin = 20;

/**
 * Trials that a past request serves in, at most. Each tells the learner one bit, whether a candidate was screened out:
 * after 25 of them an optimizer that wants to can learn as much of these requests as the Ladder would have told it in 300
 * (Blum & Hardt, "The Ladder", ICML 2015; `bench/gate/boosting.ts`).
 */
export const trialsOfRequestMax = 25;

/**
 * The moment after which past requests have served in fewer than `trialsOfRequestMax` trials; `undefined`: all have.
 * `campaigns` are all of the task's.
 */
export function leastWornSince(campaigns: readonly Campaign[]): number | undefined {
  return campaigns
    .filter(({ screening }) => screening?.checks.some(({ limit }) => limit === 'held-out-loss') === true)
    .map(({ frozenAtMs }) => frozenAtMs)
    .toSorted((one, other) => other - one)[trialsOfRequestMax - 1];
}

/** Mean loss against the incumbent that a candidate may show on them, beyond one standard error. */
const heldOutLossMax = 0.02;

/**
 * Whether a candidate is worth a test: on past requests that its optimizer did not see it must not lose more than .02
 * on average, one standard error granted, since forty binary pairs of a good edit often show a small loss. `null` with
 * fewer than 20 differences, when nothing can be said. The requests are reused from candidate to candidate, so this
 * only keeps weak ones from spending the error budget and is never evidence for promotion.
 */
export function heldOutCheck(differences: readonly number[]): ScreeningCheck | null {
  const count = differences.length;
  if (count < heldOutPairsMin) return null;
  const mean = differences.reduce((sum, difference) => sum + difference, 0) / count;
  const variance = differences.reduce((sum, difference) => sum + (difference - mean) ** 2, 0) / (count - 1);
  const certainLoss = 0 - mean - Math.sqrt(variance / count);
  return atMost('held-out-loss', Math.round(certainLoss * 1e4) / 1e4, heldOutLossMax);
}
