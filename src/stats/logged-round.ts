/** One round of a log, seen by a target policy that did not make it. One for each unit of randomisation. */
export interface LoggedRound {
  /** Finite. */
  readonly reward: number;
  /** Logged probability of what was played, in [0, 1]. */
  readonly propensity: number;
  /** Probability with which the target plays the same, in [0, 1]. */
  readonly targetPropensity: number;
  /** Probability with which the target plays what the log could not have played in this round, in [0, 1]. */
  readonly unreachable: number;
}

/** A round with what a reward model says of it; the model may not have seen this round's reward. */
export interface ModelledRound extends LoggedRound {
  /** Reward predicted for what was played. */
  readonly predicted: number;
  /** Reward predicted for the target: Σ_a target(a)·f(a). */
  readonly targetPredicted: number;
}

/** Importance weights target/logged, and the rounds whose target cannot be reached through the log. */
export interface ImportanceWeights {
  readonly weights: readonly number[];
  readonly holes: number;
}

/**
 * The weights of a log. What neither plays weighs 0; what only the target plays is a hole.
 * Throws a RangeError for probabilities outside [0, 1] and numbers that are not finite.
 */
export function importanceWeights(rounds: readonly LoggedRound[]): ImportanceWeights {
  let holes = 0;
  const weights = rounds.map((round) => {
    assertRound(round);
    const { propensity, targetPropensity, unreachable } = round;
    if (unreachable > 0 || (propensity === 0 && targetPropensity > 0)) holes += 1;
    return propensity === 0 ? 0 : targetPropensity / propensity;
  });
  return { weights, holes };
}

function assertRound({ reward, propensity, targetPropensity, unreachable }: LoggedRound): void {
  const areProbabilities = [propensity, targetPropensity, unreachable].every(
    (probability) => probability >= 0 && probability <= 1,
  );
  if (!areProbabilities || !Number.isFinite(reward))
    throw new RangeError(
      `logged round: reward ${reward}, propensity ${propensity}, target ${targetPropensity}, unreachable ${unreachable}`,
    );
}
