/** The n-th partial numerator and denominator, n from 1. */
export type FractionTerm = (n: number) => { readonly numerator: number; readonly denominator: number };

/**
 * The value of a₁/(b₁ + a₂/(b₂ + …)) by the modified Lentz method: Thompson & Barnett, "Coulomb and Bessel functions
 * of complex arguments and order", J. Comput. Phys. 64 (1986). Ends when a term changes nothing in double precision.
 * Throws a RangeError when that does not happen within 100,000 terms.
 */
export function continuedFraction(term: FractionTerm): number {
  let value = tiny;
  let ratio = tiny;
  let inverse = 0;
  for (let n = 1; n <= termsMax; n++) {
    const { numerator, denominator } = term(n);
    inverse = 1 / awayFromZero(denominator + numerator * inverse);
    ratio = awayFromZero(denominator + numerator / ratio);
    const change = ratio * inverse;
    value *= change;
    if (Math.abs(change - 1) <= Number.EPSILON) return value;
  }
  throw new RangeError(`a continued fraction of more than ${termsMax} terms`);
}

/** Far more than any argument of the distributions here needs: some √a terms at a = 1e8. */
const termsMax = 100_000;

/** Stands for a zero that would be divided by; it cancels in the next step. */
const tiny = 1e-300;

function awayFromZero(value: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}
