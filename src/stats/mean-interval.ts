import type { ConfidenceBounds } from '../domain/confidence-bounds.ts';
import type { Histogram } from '../domain/histogram.ts';
import { cellsOf, logMixtureOfValues, type CountedValues } from './log-mixture-e.ts';

/** Width within which a bound is found; it is rounded outwards. */
const precision = 0.001;

/**
 * Bounds for the mean of values in [−1, 1] that hold at all times at once: P(the mean ever lies outside) ≤ `alpha`,
 * however often one looks. The means that two e-processes of `log-mixture-e.ts`, one for each side, have not refuted
 * at level alpha/2. Waudby-Smith & Ramdas, "Estimating means of bounded random variables by betting", JRSS B 86 (2024).
 *
 * Without values the bounds are −1 and 1. `alpha` lies in (0, 1); throws a RangeError otherwise.
 */
export function meanInterval(values: CountedValues, alpha: number): ConfidenceBounds {
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha ${alpha} is outside (0, 1)`);
  const mirrored = values.map(([value, count]) => [0 - value, count] as const);
  const high = 0 - lowerBound(mirrored, alpha / 2);
  return { low: Math.min(high, lowerBound(values, alpha / 2)), high };
}

/**
 * Lower bound of the mean of a histogram of differences that holds at all times at once: P(the mean ever lies below) ≤
 * `alpha`. -1 without differences, rounded outwards by at most .001. Throws as `meanInterval` does.
 */
export function lowerBoundOf(histogram: Histogram, alpha: number): number {
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha ${alpha} is outside (0, 1)`);
  return lowerBound(cellsOf(histogram), alpha);
}

/** Bounds as of `meanInterval`, of a histogram of differences. */
export function histogramInterval(histogram: Histogram, alpha: number): ConfidenceBounds {
  return meanInterval(cellsOf(histogram), alpha);
}

/** The greatest mean such that E(H0: mean at most that) ≥ 1/alpha; the e-value falls as the mean grows. */
function lowerBound(values: CountedValues, alpha: number): number {
  const threshold = -Math.log(alpha);
  let refuted = -1;
  let possible = 1;
  while (possible - refuted > precision) {
    const middle = (refuted + possible) / 2;
    if (logMixtureOfValues(values, -middle) >= threshold) refuted = middle;
    else possible = middle;
  }
  return refuted;
}
