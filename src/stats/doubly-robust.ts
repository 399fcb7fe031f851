import { importanceWeights, type ModelledRound } from './logged-round.ts';
import {
  meanWithError,
  offPolicyValue,
  refusalOf,
  supportOf,
  type OffPolicyEstimate,
  type OffPolicyOptions,
} from './off-policy-estimate.ts';

/**
 * DR: the mean of f(target) + w·(r − f(played)). Dudík, Langford & Li, "Doubly robust policy evaluation and learning",
 * ICML 2011. Unbiased when either the propensities or the reward model f are right; a fair model takes most of the
 * variance of IPS away. The standard error is that of a mean, right when f has not seen the round's own reward.
 *
 * Refused below the bound on effective sample size and where the target plays what the log could not: there the model
 * alone would speak. Throws a RangeError for rounds outside their ranges.
 */
export function doublyRobustValue(
  rounds: readonly ModelledRound[],
  options: OffPolicyOptions = {},
): OffPolicyEstimate {
  const { weights, holes } = importanceWeights(rounds);
  const support = supportOf(weights, holes);
  const terms = rounds.map(({ reward, predicted, targetPredicted }, index) => {
    const term = targetPredicted + (weights[index] ?? 0) * (reward - predicted);
    if (!Number.isFinite(term)) throw new RangeError(`predictions ${predicted}, ${targetPredicted}`);
    return term;
  });
  return refusalOf(support, options) ?? offPolicyValue(meanWithError(terms), support, options);
}
