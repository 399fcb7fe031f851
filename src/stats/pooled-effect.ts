import { chiSquareTail } from './chi-square-tail.ts';
import { intervalAround, type Interval } from './interval.ts';

/** One of several independent estimates of an effect. */
export interface EffectEstimate {
  readonly estimate: number;
  /** > 0. */
  readonly standardError: number;
  /** Degrees of freedom of the standard error, > 0; Infinity where it is known. */
  readonly freedom: number;
}

/** The common effect of several estimates, and how far they agree. */
export interface PooledEffect extends Interval, EffectEstimate {
  readonly heterogeneity: Heterogeneity;
}

/** Cochran's test of whether all estimates have one effect in common. */
export interface Heterogeneity {
  /** Q = Σ (θ_k − θ)²/v_k. */
  readonly q: number;
  /** Estimates less one. */
  readonly freedom: number;
  /** Chance of a Q as large if there were one effect; 1 for a single estimate. */
  readonly probability: number;
}

/**
 * The mean of independent estimates weighted by inverse variance, p_k ∝ 1/v_k, with Q: Cochran, "The combination of
 * estimates from different experiments", Biometrics 10 (1954). Since the variances are themselves estimates, that of
 * the mean is (1 + 4 Σ p_k(1 − p_k)/ν_k)/Σ(1/v_k): Meier, "Variance of a weighted mean", Biometrics 9 (1953). Degrees
 * of freedom are Satterthwaite's, 1/Σ(p_k²/ν_k).
 *
 * A large Q says that the effect depends on where it was measured; the mean then speaks of this mixture of places
 * alone. One estimate is returned as it is. Throws a RangeError for none, or for one outside its ranges.
 */
export function pooledEffect(estimates: readonly EffectEstimate[], confidence?: number): PooledEffect {
  if (estimates.length === 0) throw new RangeError('no estimate to pool');
  estimates.forEach(assertEstimate);
  const precisions = estimates.map(({ standardError }) => 1 / standardError ** 2);
  const precision = precisions.reduce((sum, value) => sum + value, 0);
  const shares = precisions.map((value) => value / precision);
  const sumOf = (term: (of: EffectEstimate, share: number) => number): number =>
    estimates.reduce((sum, of, index) => sum + term(of, shares[index] ?? 0), 0);
  const estimate = sumOf((of, share) => share * of.estimate);
  const uncertainty = 1 + 4 * sumOf((of, share) => (share * (1 - share)) / of.freedom);
  const standardError = Math.sqrt(uncertainty / precision);
  const freedom = 1 / sumOf((of, share) => share ** 2 / of.freedom);
  const q = sumOf((of) => ((of.estimate - estimate) / of.standardError) ** 2);
  const others = estimates.length - 1;
  const probability = others === 0 ? 1 : chiSquareTail(q, others);
  const heterogeneity = { q, freedom: others, probability };
  const interval = intervalAround(estimate, standardError, freedom, confidence);
  return { estimate, standardError, freedom, ...interval, heterogeneity };
}

function assertEstimate({ estimate, standardError, freedom }: EffectEstimate): void {
  if (!Number.isFinite(estimate) || !(standardError > 0 && standardError < Infinity) || !(freedom > 0))
    throw new RangeError(`estimate ${estimate} ± ${standardError} with ${freedom} degrees of freedom`);
}
