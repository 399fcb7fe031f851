import {
  meanWithError,
  offPolicyValue,
  refusalOf,
  supportOf,
  type OffPolicyEstimate,
  type OffPolicyOptions,
} from './off-policy-estimate.ts';

/** One round in which both arms could have been played. One for each unit of randomisation. */
export interface ContrastRound {
  /** `other`: a third arm; such a round tells of the traffic, not of the two. */
  readonly played: 'candidate' | 'control' | 'other';
  /** Finite. */
  readonly reward: number;
  /** Logged probability of what was played, in [0, 1]; 0 and 1 leave no chance to one of the arms. */
  readonly propensity: number;
}

/** A round with the rewards predicted for both arms, by a model that has not seen it. */
export interface ModelledContrastRound extends ContrastRound {
  readonly predictedCandidate: number;
  readonly predictedControl: number;
}

/**
 * AIPW: the mean reward of the candidate minus that of the control, as the mean of
 * f₁ − f₀ + A(Y − f₁)/π₁ − (1 − A)(Y − f₀)/π₀, with π the logged probability of the arm that was played.
 * Robins, Rotnitzky & Zhao, "Estimation of regression coefficients when some regressors are not always observed", JASA
 * 89 (1994). With predictions from the past only, the terms are martingale differences even when the probabilities
 * follow the rewards, which biases plain means: Hadad et al., "Confidence intervals for policy evaluation in adaptive
 * experiments", PNAS 118 (2021). The standard error is that of a mean.
 *
 * The effective sample size is the smaller of the two arms'. Refused below its bound, and where a round left one of
 * the arms no chance (propensity 0, or 1 for either of them); leave out rounds in which one of them did not serve.
 * Throws a RangeError for values outside their ranges.
 */
export function aipwContrast(
  rounds: readonly ModelledContrastRound[],
  options: OffPolicyOptions = {},
): OffPolicyEstimate {
  rounds.forEach(assertRound);
  const candidate = supportOf(inversesOf(rounds, 'candidate'), 0);
  const control = supportOf(inversesOf(rounds, 'control'), 0);
  const support = {
    rounds: rounds.length,
    holes: rounds.filter(({ propensity }) => propensity === 0 || propensity === 1).length,
    effectiveSampleSize: Math.min(candidate.effectiveSampleSize, control.effectiveSampleSize),
    weightMean: (candidate.weightMean + control.weightMean) / 2,
    weightMax: Math.max(candidate.weightMax, control.weightMax),
  };
  const refusal = refusalOf(support, options);
  if (refusal !== null) return refusal;
  return offPolicyValue(meanWithError(rounds.map(termOf)), support, options);
}

/** The weight of each round for the mean of one arm. */
function inversesOf(rounds: readonly ContrastRound[], arm: 'candidate' | 'control'): readonly number[] {
  return rounds.map(({ played, propensity }) => (played === arm && propensity > 0 ? 1 / propensity : 0));
}

function termOf(round: ModelledContrastRound): number {
  const { played, reward, propensity, predictedCandidate, predictedControl } = round;
  const predicted = predictedCandidate - predictedControl;
  switch (played) {
    case 'candidate':
      return predicted + (reward - predictedCandidate) / propensity;
    case 'control':
      return predicted - (reward - predictedControl) / propensity;
    case 'other':
      return predicted;
  }
}

/** Rewards of an arm so far count as if five of value ½ had come before. */
const priorRewards = 5;

/**
 * Adds predictions made from the past only: the running mean of each arm, (S + 5·½)/(N + 5), before the round's own
 * reward. `rounds` are in the order of their decisions.
 */
export function withPastMeans(rounds: readonly ContrastRound[]): readonly ModelledContrastRound[] {
  const sums = { candidate: 0.5 * priorRewards, control: 0.5 * priorRewards, other: 0 };
  const counts = { candidate: priorRewards, control: priorRewards, other: 0 };
  return rounds.map((round) => {
    const modelled = {
      ...round,
      predictedCandidate: sums.candidate / counts.candidate,
      predictedControl: sums.control / counts.control,
    };
    sums[round.played] += round.reward;
    counts[round.played] += 1;
    return modelled;
  });
}

function assertRound(round: ModelledContrastRound): void {
  const { reward, propensity, predictedCandidate, predictedControl } = round;
  const areFinite = [reward, predictedCandidate, predictedControl].every(Number.isFinite);
  if (!areFinite || !(propensity >= 0 && propensity <= 1))
    throw new RangeError(
      `contrast round: reward ${reward}, propensity ${propensity}, predicted ${predictedCandidate}, ${predictedControl}`,
    );
}
