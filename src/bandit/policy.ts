/** How the bandit's sums become probabilities. Pure; one file each, registered in `policies.ts`. */
export interface Policy {
  /** The rates at `n` decayed feedbacks (≥ 0) and so many arms (≥ 1). */
  readonly rates: (n: number, arms: number) => Rates;
  /** A distribution over arms with these cumulative losses, before floor, caps and KL limit; some may be 0. */
  readonly probabilities: (losses: readonly number[], n: number) => readonly number[];
}

interface Rates {
  /** η ≥ 0: how strongly a difference in loss moves the probabilities. */
  readonly learningRate: number;
  /** γ ≥ 0, added to the propensity that a loss is divided by: less variance for a little bias. */
  readonly implicitExploration: number;
}
