import { upperIncompleteGamma } from './incomplete-gamma.ts';

/** Φ(x), the chance that a standard normal variable stays below x: Q(½, x²/2)/2 in the lower tail (Abramowitz & Stegun 26.2.30). */
export function normalBelow(x: number): number {
  if (x === Infinity) return 1;
  if (x === -Infinity) return 0;
  const tail = 0.5 * upperIncompleteGamma(0.5, (x * x) / 2);
  return x < 0 ? tail : 1 - tail;
}
