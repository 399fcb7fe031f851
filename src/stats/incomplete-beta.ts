import { continuedFraction, type FractionTerm } from './continued-fraction.ts';
import { logGamma } from './log-gamma.ts';

/**
 * The regularised incomplete beta function I_x(a, b), for x in [0, 1] and a, b > 0: the chance that a beta(a, b)
 * variable is at most x. The continued fraction DLMF 8.17.22, which converges fast for x < (a + 1)/(a + b + 2); beyond
 * that I_x(a, b) = 1 − I_{1−x}(b, a). `complement` is 1 − x, for callers who know it more exactly than 1 − x is.
 * Throws a RangeError outside these ranges.
 */
export function incompleteBeta(x: number, a: number, b: number, complement: number = 1 - x): number {
  if (!(x >= 0 && x <= 1) || !(a > 0) || !(b > 0) || !(complement >= 0))
    throw new RangeError(`incomplete beta at ${x} for a ${a}, b ${b}`);
  if (x === 0) return 0;
  if (complement === 0) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(complement, b, a, x);
  const logFront =
    a * Math.log(x) + b * Math.log(complement) + logGamma(a + b) - logGamma(a) - logGamma(b) - Math.log(a);
  return Math.exp(logFront) * continuedFraction(betaTerms(x, a, b));
}

/** 1/(1 + d₁/(1 + d₂/(1 + …))) with the d of DLMF 8.17.23. */
function betaTerms(x: number, a: number, b: number): FractionTerm {
  return (n) => {
    if (n === 1) return { numerator: 1, denominator: 1 };
    const m = Math.floor((n - 1) / 2);
    const numerator =
      n % 2 === 1
        ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
        : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    return { numerator, denominator: 1 };
  };
}
