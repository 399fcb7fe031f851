import { incompleteBeta } from './incomplete-beta.ts';
import { upperIncompleteGamma } from './incomplete-gamma.ts';

/**
 * The value that a Student t variable with `freedom` degrees of freedom stays below with the given probability.
 * "Student", "The probable error of a mean", Biometrika 6 (1908); tails through the incomplete beta function
 * (Abramowitz & Stegun 26.7.1), inverted by bisection. `freedom` is > 0, not necessarily whole; Infinity is the normal
 * distribution. `probability` lies in (0, 1). Throws a RangeError otherwise.
 */
export function studentQuantile(probability: number, freedom: number): number {
  if (!(probability > 0 && probability < 1) || !(freedom > 0))
    throw new RangeError(`Student quantile at ${probability} with ${freedom} degrees of freedom`);
  const tail = Math.min(probability, 1 - probability);
  let low = 0;
  let high = 1;
  while (studentTail(high, freedom) > tail) {
    low = high;
    high *= 2;
  }
  // Ends when no number lies between the two any more.
  for (let middle = (low + high) / 2; low < middle && middle < high; middle = (low + high) / 2) {
    if (studentTail(middle, freedom) > tail) low = middle;
    else high = middle;
  }
  return probability < 0.5 ? -high : high;
}

/** The chance of more than `value` ≥ 0. */
function studentTail(value: number, freedom: number): number {
  const square = value * value;
  if (freedom === Infinity) return 0.5 * upperIncompleteGamma(0.5, square / 2);
  const total = freedom + square;
  return 0.5 * incompleteBeta(freedom / total, freedom / 2, 0.5, square / total);
}
