/**
 * Natural logarithm of the gamma function for x > 0, to some 14 digits: Stirling's series (DLMF 5.11.1) from 10 on,
 * the recurrence log Γ(x) = log Γ(x + 1) − log x below. Throws a RangeError for another x.
 */
export function logGamma(x: number): number {
  if (!(x > 0 && x < Infinity)) throw new RangeError(`log gamma of ${x}`);
  let shifted = x;
  let factor = 1;
  while (shifted < 10) {
    factor *= shifted;
    shifted += 1;
  }
  const inverseSquare = 1 / (shifted * shifted);
  const series = stirlingTerms.reduceRight((sum, term) => sum * inverseSquare + term, 0) / shifted;
  const stirling = (shifted - 0.5) * Math.log(shifted) - shifted + 0.5 * Math.log(2 * Math.PI) + series;
  return stirling - Math.log(factor);
}

/** B_2k / (2k(2k − 1)) of the Bernoulli numbers, k from 1. */
const stirlingTerms: readonly number[] = [
  1 / 12,
  -1 / 360,
  1 / 1260,
  -1 / 1680,
  1 / 1188,
  -691 / 360_360,
  1 / 156,
];
