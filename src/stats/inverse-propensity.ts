import { importanceWeights, type LoggedRound } from './logged-round.ts';
import {
  meanWithError,
  offPolicyValue,
  refusalOf,
  supportOf,
  type OffPolicyEstimate,
  type OffPolicyOptions,
} from './off-policy-estimate.ts';

/**
 * IPS: the mean of w·r, with w = target/logged probability. Horvitz & Thompson, "A generalization of sampling without
 * replacement from a finite universe", JASA 47 (1952). Unbiased when the propensities are exact; the variance grows
 * with the weights. The standard error is that of a mean.
 *
 * Refused below the bound on effective sample size and where the target plays what the log could not.
 * Throws a RangeError for rounds outside their ranges.
 */
export function inversePropensityValue(
  rounds: readonly LoggedRound[],
  options: OffPolicyOptions = {},
): OffPolicyEstimate {
  const { weights, holes } = importanceWeights(rounds);
  const support = supportOf(weights, holes);
  const terms = rounds.map(({ reward }, index) => (weights[index] ?? 0) * reward);
  return refusalOf(support, options) ?? offPolicyValue(meanWithError(terms), support, options);
}

/**
 * SNIPS: Σwr/Σw. Swaminathan & Joachims, "The self-normalized estimator for counterfactual learning", NeurIPS 2015. A
 * small bias for much less variance, and always between the least and the greatest reward. The standard error is that
 * of a ratio by the delta method, √(n/(n − 1)·Σw²(r − v)²)/Σw: Owen, "Monte Carlo theory, methods and examples",
 * chapter 9 (2013), with the factor that makes equal weights give the error of a mean.
 *
 * Refused and thrown as by `inversePropensityValue`.
 */
export function selfNormalisedValue(
  rounds: readonly LoggedRound[],
  options: OffPolicyOptions = {},
): OffPolicyEstimate {
  const { weights, holes } = importanceWeights(rounds);
  const support = supportOf(weights, holes);
  const refusal = refusalOf(support, options);
  if (refusal !== null) return refusal;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const value = rounds.reduce((sum, { reward }, index) => sum + (weights[index] ?? 0) * reward, 0) / total;
  const squares = rounds.reduce(
    (sum, { reward }, index) => sum + ((weights[index] ?? 0) * (reward - value)) ** 2,
    0,
  );
  const spread = (squares * rounds.length) / (rounds.length - 1);
  return offPolicyValue({ value, standardError: Math.sqrt(spread) / total }, support, options);
}
