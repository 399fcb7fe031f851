import { incompleteBeta } from './incomplete-beta.ts';

/**
 * The chance that an F variable exceeds `value` ≥ 0, with `above` and `below` degrees of freedom, both > 0:
 * I_z(d₂/2, d₁/2) at z = d₂/(d₂ + d₁F), DLMF 8.17 and Abramowitz & Stegun 26.6.2.
 */
export function fTail(value: number, above: number, below: number): number {
  const total = below + above * value;
  return incompleteBeta(below / total, below / 2, above / 2, (above * value) / total);
}
