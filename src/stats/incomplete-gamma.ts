import { continuedFraction } from './continued-fraction.ts';
import { logGamma } from './log-gamma.ts';

/**
 * The upper regularised incomplete gamma function Q(a, x), for a > 0 and x ≥ 0: the chance that a gamma(a) variable
 * exceeds x. Below a + 1 the series DLMF 8.11.4 for 1 − Q, above it the continued fraction DLMF 8.9.2, which keeps its
 * relative precision far out in the tail. Throws a RangeError outside these ranges.
 */
export function upperIncompleteGamma(a: number, x: number): number {
  if (!(a > 0 && a < Infinity) || !(x >= 0)) throw new RangeError(`incomplete gamma of ${a} at ${x}`);
  if (x === 0) return 1;
  if (x === Infinity) return 0;
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) return 1 - front * lowerSeries(a, x);
  return (
    front *
    continuedFraction((n) => ({
      numerator: n === 1 ? 1 : -(n - 1) * (n - 1 - a),
      denominator: x + 2 * n - 1 - a,
    }))
  );
}

/** Σ x^k / (a(a + 1)…(a + k)); every term is smaller than the one before, since x < a + 1. */
function lowerSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let k = 1; term > sum * Number.EPSILON; k++) {
    term *= x / (a + k);
    sum += term;
  }
  return sum;
}
