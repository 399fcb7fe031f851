/** The observations of one side in one stratum, in the regression of rewards on treatment and strata with weights u. */
export interface ContrastCell {
  /** D̃: the treatment, 1 or 0, less its weighted mean in the stratum. */
  readonly deviation: number;
  /** Leverage of an observation of weight 1, 1/Σu + D̃²/S. Times any weight of the cell it is below 1. */
  readonly leverage: number;
  /** u. */
  readonly weights: readonly number[];
  /** e: the rewards less what the regression says. As many as weights. */
  readonly residuals: readonly number[];
}

/** The observations of one stratum. */
export interface StratumCells {
  /** Σu over both sides. */
  readonly size: number;
  readonly treated: ContrastCell;
  readonly control: ContrastCell;
}

/**
 * Variance of the treatment's coefficient, HC2: Σ c²e²/(1 − h), where c = u·D̃/S is what an observation moves it, and
 * S = Σ u·D̃² the `information`. MacKinnon & White, "Some heteroskedasticity-consistent covariance matrix estimators
 * with improved finite sample properties", J. Econometrics 29 (1985). Each side counts at least as if its n rewards
 * had the variance 1/n.
 */
export function contrastVariance(strata: readonly StratumCells[], information: number): number {
  return (
    sideVariance(
      strata.map(({ treated }) => treated),
      information,
    ) +
    sideVariance(
      strata.map(({ control }) => control),
      information,
    )
  );
}

function sideVariance(cells: readonly ContrastCell[], information: number): number {
  let variance = 0;
  let moves = 0;
  let size = 0;
  for (const { deviation, leverage, weights, residuals } of cells)
    weights.forEach((weight, index) => {
      const move = (weight * deviation) / information;
      variance += (move * (residuals[index] ?? 0)) ** 2 / (1 - weight * leverage);
      moves += move ** 2;
      size += weight;
    });
  return Math.max(variance, moves / size);
}

/**
 * Degrees of freedom of that variance: (Σλ)²/Σλ² for the eigenvalues λ of its quadratic form, were all rewards of one
 * variance. Bell & McCaffrey, "Bias reduction in standard errors for linear regression with multi-stage samples",
 * Survey Methodology 28 (2002). In a single stratum this is Welch and Satterthwaite's at equal variances, for P pairs
 * it is P − 1.
 *
 * Σλ² = Σ_ij A_i·A_j·M_ij² with A = u·D̃²/(S²(1 − h)) and M = 1 − hat matrix. Off its diagonal M_ij² is u_i·u_j times
 * the square of a term within the stratum plus a term over all, so sums per stratum replace the sum over all pairs.
 */
export function contrastFreedom(strata: readonly StratumCells[], information: number): number {
  let squares = 0;
  let overall = 0;
  for (const { size, treated, control } of strata) {
    let within = 0;
    let across = 0;
    for (const { deviation, leverage, weights } of [treated, control])
      for (const weight of weights) {
        const own = weight * leverage;
        const factor = (weight * deviation ** 2) / (information ** 2 * (1 - own));
        squares += factor ** 2 * ((1 - own) ** 2 - own ** 2);
        within += factor * weight;
        across += factor * weight * deviation;
        overall += factor * weight * deviation ** 2;
      }
    squares += within ** 2 / size ** 2 + (2 * across ** 2) / (size * information);
  }
  squares += (overall / information) ** 2;
  return 1 / (information ** 2 * squares);
}
