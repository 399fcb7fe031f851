import { upperIncompleteGamma } from './incomplete-gamma.ts';

/** The chance that a chi-square variable with `freedom` > 0 degrees of freedom exceeds `value` ≥ 0: Q(ν/2, χ²/2). */
export function chiSquareTail(value: number, freedom: number): number {
  return upperIncompleteGamma(freedom / 2, value / 2);
}
