/**
 * Weights of follow-the-regularised-leader with the Tsallis entropy of power ½: p_i = 4 / (η(L_i − x))², where the
 * normaliser x < min L makes Σp = 1. Zimmert & Seldin, "Tsallis-INF", JMLR 22 (2021).
 *
 * Newton's method from x₀ = min L − 2/η: Σp − 1 is convex, increases in x and is ≥ 0 at x₀, so every step goes down and
 * none goes past the root. Works with distances from min L, so a constant added to all losses changes nothing, and
 * huge losses lose no precision. Far arms get a tiny weight, 0 only when (η·distance)² overflows.
 *
 * `losses` are cumulative losses, finite, at least one; `learningRate` is η > 0. Throws a RangeError otherwise.
 */
export function tsallisWeights(losses: readonly number[], learningRate: number): number[] {
  if (!(learningRate > 0 && learningRate < Infinity) || losses.length === 0 || !losses.every(Number.isFinite))
    throw new RangeError(`Tsallis weights of ${losses.length} losses at learning rate ${learningRate}`);
  const least = losses.reduce((one, other) => Math.min(one, other));
  // y = min L − x grows from 2/η to at most 2√K/η.
  let y = 2 / learningRate;
  for (let step = 0; step < newtonStepsMax; step++) {
    let excess = -1;
    let slope = 0;
    for (const loss of losses) {
      const root = 2 / (learningRate * (loss - least + y));
      excess += root * root;
      slope += root * root * root;
    }
    const next = y + excess / (learningRate * slope);
    if (!(next > y)) break;
    y = next;
  }
  const weights = losses.map((loss) => (2 / (learningRate * (loss - least + y))) ** 2);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** Convergence is quadratic once y is within a factor of two, and √K away at the start: some 10 steps at K = 1,000. */
const newtonStepsMax = 100;
