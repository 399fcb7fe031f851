/**
 * Exponential weights, follow-the-regularised-leader with the Shannon entropy: p_i ∝ exp(−η(L_i − min L)).
 * Auer, Cesa-Bianchi, Freund & Schapire, "The nonstochastic multiarmed bandit problem", SIAM J. Comput. 32 (2002).
 *
 * An arm far behind gets weight 0 by underflow, so a floor has to follow. η = 0 gives uniform weights.
 * `losses` are cumulative losses, finite, at least one; `learningRate` is η ≥ 0. Throws a RangeError otherwise.
 */
export function exponentialWeights(losses: readonly number[], learningRate: number): number[] {
  if (
    !(learningRate >= 0 && learningRate < Infinity) ||
    losses.length === 0 ||
    !losses.every(Number.isFinite)
  )
    throw new RangeError(`exponential weights of ${losses.length} losses at learning rate ${learningRate}`);
  const least = losses.reduce((one, other) => Math.min(one, other));
  const weights = losses.map((loss) => Math.exp(-learningRate * (loss - least)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
