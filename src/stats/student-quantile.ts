import { incompleteBeta } from './incomplete-beta.ts';
import { upperIncompleteGamma } from './incomplete-gamma.ts';
import { logGamma } from './log-gamma.ts';

/**
 * The value that a Student t variable with `freedom` degrees of freedom stays below with the given probability.
 * "Student", "The probable error of a mean", Biometrika 6 (1908); tails through the incomplete beta function
 * (Abramowitz & Stegun 26.7.1). Inverted by Newton's method from 0: the tail is convex and falls, so every step goes up
 * and none goes past the value. `freedom` is > 0, not necessarily whole; Infinity is the normal distribution.
 * `probability` lies in (0, 1). Throws a RangeError otherwise.
 */
export function studentQuantile(probability: number, freedom: number): number {
  if (!(probability > 0 && probability < 1) || !(freedom > 0))
    throw new RangeError(`Student quantile at ${probability} with ${freedom} degrees of freedom`);
  const tail = Math.min(probability, 1 - probability);
  const logPeak = logDensityAtZero(freedom);
  let value = 0;
  for (;;) {
    const next = value + (studentTail(value, freedom) - tail) / studentDensity(value, freedom, logPeak);
    if (!(next > value)) break;
    value = next;
  }
  return probability < 0.5 ? -value : value;
}

function logDensityAtZero(freedom: number): number {
  if (freedom === Infinity) return -0.5 * Math.log(2 * Math.PI);
  return logGamma((freedom + 1) / 2) - logGamma(freedom / 2) - 0.5 * Math.log(freedom * Math.PI);
}

function studentDensity(value: number, freedom: number, logPeak: number): number {
  const square = value * value;
  const fall = freedom === Infinity ? square / 2 : ((freedom + 1) / 2) * Math.log1p(square / freedom);
  return Math.exp(logPeak - fall);
}

/** The chance of more than `value` ≥ 0. */
function studentTail(value: number, freedom: number): number {
  const square = value * value;
  if (freedom === Infinity) return 0.5 * upperIncompleteGamma(0.5, square / 2);
  const total = freedom + square;
  return 0.5 * incompleteBeta(freedom / total, freedom / 2, 0.5, square / total);
}
