/** A distribution on the way from an old one to a target, as far as a bound on the KL divergence allows. */
export interface KlStep {
  readonly probabilities: number[];
  /** How much of the way was gone, in [0, 1]; 1 is the target itself. */
  readonly beta: number;
  /** KL(probabilities ‖ old), nats, ≤ klMax. */
  readonly kl: number;
}

/**
 * The distribution nearest to `target` among those with KL(p ‖ old) ≤ `klMax`: p ∝ old^(1−β)·target^β with the largest
 * such β in [0, 1], found by bisection, since the divergence increases in β. The trust region of mirror descent and of
 * Schulman et al., "Trust region policy optimization" (2015), here for one discrete choice.
 *
 * An arm with old probability 0 stays at 0 short of the target, and an arm with target 0 keeps its share when the bound
 * does not allow giving it up (β = 0). Both arguments are distributions of equal length, `klMax` is ≥ 0 and in nats.
 * Throws a RangeError otherwise.
 */
export function klStep(old: readonly number[], target: readonly number[], klMax: number): KlStep {
  assertDistribution(old);
  assertDistribution(target);
  if (old.length !== target.length || !(klMax >= 0))
    throw new RangeError(`KL step of ${old.length} to ${target.length} arms within ${klMax} nats`);
  const whole = klDivergence(target, old);
  if (whole <= klMax) return { probabilities: [...target], beta: 1, kl: whole };
  let best: KlStep = { probabilities: [...old], beta: 0, kl: 0 };
  // Without common support nothing lies between the two.
  if (klMax === 0 || old.every((share, arm) => share === 0 || target[arm] === 0)) return best;
  let high = 1;
  for (let halving = 0; halving < halvings; halving++) {
    const beta = (best.beta + high) / 2;
    const probabilities = geometricMixture(old, target, beta);
    const kl = klDivergence(probabilities, old);
    if (kl <= klMax) best = { probabilities, beta, kl };
    else high = beta;
  }
  return best;
}

/** Exhausts the 53 bits of β. */
const halvings = 60;

/**
 * Kullback-Leibler divergence Σ p·log(p/q) in nats, ≥ 0; Infinity where p puts mass on what q excludes.
 */
export function klDivergence(p: readonly number[], q: readonly number[]): number {
  const sum = p.reduce((total, share, arm) => {
    if (share === 0) return total;
    return total + share * Math.log(share / (q[arm] ?? 0));
  }, 0);
  // Rounding may leave a sum of about −1e−17 for equal distributions.
  return Math.max(0, sum);
}

/** For β strictly between 0 and 1 and arms with common support; a probability of 0 on either side means 0. */
function geometricMixture(old: readonly number[], target: readonly number[], beta: number): number[] {
  const logs = old.map((share, arm) => (1 - beta) * Math.log(share) + beta * Math.log(target[arm] ?? 0));
  const greatest = logs.reduce((one, other) => Math.max(one, other));
  const weights = logs.map((log) => Math.exp(log - greatest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function assertDistribution(shares: readonly number[]): void {
  const total = shares.reduce((sum, share) => sum + share, 0);
  if (!shares.every((share) => share >= 0) || !(Math.abs(total - 1) <= 1e-9))
    throw new RangeError(`not a distribution: sum ${total}`);
}
