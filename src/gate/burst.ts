import { countOf, meanOf, type Histogram } from '../domain/histogram.ts';
import { logFutilityE, logMixtureE } from '../stats/log-mixture-e.ts';
import { isBelowZero } from './histogram-error.ts';
import { logFutile, logHarmful } from './verdict.ts';

/** Paired replays of a burst at most. */
export const burstPairsMax = 600;

/** A loss that matters: an opponent that is shown not to be better by this much is no way out. */
const burstLoss = 0.02;

/** Standard errors below zero at which a burst that has run out is still held against the alarmed arm. */
const burstErrorsMax = 1.5;

/** Further feedbacks after which a burst that could not begin gives way to live contrasts, and after which one that could ends. */
export const burstStartFeedbacksMax = 500;
export const burstFeedbacksMax = 2000;

/** Pairs below which a burst counts as not having begun. */
export const burstPairsMin = 30;

/** What the alarmed arm did beside a place of retreat: differences alarmed minus opponent. */
export interface Contest {
  readonly opponentId: string;
  readonly differences: Histogram;
}

export type BurstDecision =
  | { readonly kind: 'continue' }
  | { readonly kind: 'upstream-drift' }
  /** The arm to go back to. */
  | { readonly kind: 'regression' | 'undecided'; readonly toVariantId: string };

/**
 * Whether an alarm is the arm's own fault. `contests` stand in the order of retreat.
 *
 * - *regression*: an opponent is better, E(H0: mean difference ≥ 0) ≥ 20; the way back leads to the best of those;
 * - *upstream-drift*: no opponent is better by .02, E(H0: mean difference ≤ −.02) ≥ 10 against each; or the burst is
 *   over without sign of harm. All arms are hurt alike, so there is nothing to go back to;
 * - *undecided*: over, and some mean lies more than 1.5 standard errors below zero. Going back is cheap and can be
 *   undone, so it is the default.
 *
 * Without opponents an alarm can only come from upstream. `isOver`: no more evidence will be waited for. `tolerance`:
 * a loss in [0, .98) that is none, such as a guardrail's margin; every bound is so much lower.
 */
export function decideBurst(contests: readonly Contest[], isOver: boolean, tolerance = 0): BurstDecision {
  const harmed = contests.filter(({ differences }) => isHarmed(differences, tolerance));
  const best = bestOpponent(harmed);
  if (best !== undefined) return { kind: 'regression', toVariantId: best };
  if (contests.every(({ differences }) => logMixtureE(differences, burstLoss + tolerance) >= logFutile))
    return { kind: 'upstream-drift' };
  if (!isOver && contests.some(({ differences }) => countOf(differences) < burstPairsMax))
    return { kind: 'continue' };
  const suspected = bestOpponent(
    contests.filter(
      ({ differences }) =>
        (meanOf(differences) ?? 0) < -tolerance && isBelowZero(differences, burstErrorsMax),
    ),
  );
  return suspected === undefined ? { kind: 'upstream-drift' } : { kind: 'undecided', toVariantId: suspected };
}

/**
 * The same question answered by live rewards since the alarm, where no replay was possible. Opponents with fewer than
 * 30 contrasts say nothing; if none says anything, or one hints at harm, the way back is taken.
 */
export function decideByContrasts(contests: readonly Contest[], tolerance = 0): BurstDecision {
  const telling = contests.filter(({ differences }) => countOf(differences) >= burstPairsMin);
  const decision = decideBurst(telling, true, tolerance);
  const nearest = contests[0]?.opponentId;
  if (telling.length > 0 || nearest === undefined) return decision;
  return { kind: 'undecided', toVariantId: nearest };
}

export type PruningDecision =
  | { readonly kind: 'continue' }
  /** The prompt is better without this edit: the variant that does without it. */
  | { readonly kind: 'hurt-edit'; readonly variantId: string }
  | { readonly kind: 'none' };

/**
 * Where no place of retreat is better: whether the prompt would be better without one of its edits, since a change of
 * the model may have hurt that one alone. `contests`: the alarmed arm minus the same without an edit.
 *
 * - *hurt-edit*: better without, E(H0: mean difference ≥ 0) ≥ 20; the worst of those;
 * - *none*: not better by .02 without any, E ≥ 10 each; or the burst is over.
 */
export function decidePrunings(
  contests: readonly Contest[],
  isOver: boolean,
  tolerance = 0,
): PruningDecision {
  const harmed = bestOpponent(contests.filter(({ differences }) => isHarmed(differences, tolerance)));
  if (harmed !== undefined) return { kind: 'hurt-edit', variantId: harmed };
  const isDone = contests.every(
    ({ differences }) =>
      countOf(differences) >= burstPairsMax || logMixtureE(differences, burstLoss + tolerance) >= logFutile,
  );
  return { kind: isOver || isDone ? 'none' : 'continue' };
}

/** Against H0: mean difference ≥ −tolerance. */
function isHarmed(differences: Histogram, tolerance: number): boolean {
  return logFutilityE(differences, -tolerance) >= logHarmful;
}

/** The opponent that the alarmed arm looks worst beside; of equals the first. */
function bestOpponent(contests: readonly Contest[]): string | undefined {
  return contests.toSorted(
    (one, other) => (meanOf(one.differences) ?? 0) - (meanOf(other.differences) ?? 0),
  )[0]?.opponentId;
}
