/** The reward of one episode and the probability with which its variant was drawn. */
export interface DrawnReward {
  /** In [0, 1]. */
  readonly reward: number;
  /** In (0, 1]. */
  readonly propensity: number;
}

/**
 * Weights of the rewards that one variant got in one stratum: 1/propensity, so that they speak of all of the stratum's
 * traffic also where the probability moved (Hájek, "Comment on a paper by D. Basu", 1971), scaled to sum to Kish's
 * effective sample size (Σw)²/Σw². Equal propensities weigh 1 each.
 * Throws a RangeError for rewards and propensities outside their ranges.
 */
export function drawnWeights(rewards: readonly DrawnReward[]): readonly number[] {
  let sum = 0;
  let squares = 0;
  for (const { reward, propensity } of rewards) {
    if (!(reward >= 0 && reward <= 1) || !(propensity > 0 && propensity <= 1))
      throw new RangeError(`credit: reward ${reward} drawn with propensity ${propensity}`);
    sum += 1 / propensity;
    squares += 1 / propensity ** 2;
  }
  return rewards.map(({ propensity }) => sum / squares / propensity);
}
