import { choleskyFactor, solveCholesky } from './cholesky.ts';

/** What a point was worth, and how much that counts. */
export interface WeightedScore {
  /** Of the same length in every observation. */
  readonly point: ArrayLike<number>;
  readonly score: number;
  /** > 0. Default 1. */
  readonly weight?: number;
}

/** Predicts the score of a point. */
export type Predictor = (point: ArrayLike<number>) => number;

/**
 * Ridge regression of scores on points, in its dual form, so that its cost grows with the observations n and not with
 * the dimensions: f(x) = m + Σ α_i·⟨x_i, x⟩ with (K + λ·W⁻¹)·α = y − m, K the inner products, W the weights, m the
 * weighted mean of the scores. Hoerl & Kennard, "Ridge regression", Technometrics 12 (1970); Saunders, Gammerman & Vovk,
 * "Ridge regression learning algorithm in dual variables", ICML 1998. The intercept is not penalised and taken as the mean,
 * so that far from all observations the prediction is the mean.
 *
 * `penalty` is λ > 0; points of length about 1 are expected. Without observations the prediction is 0. Takes n³/6
 * multiplications. Throws a RangeError for another penalty.
 */
export function fitRidge(observations: readonly WeightedScore[], penalty: number): Predictor {
  const predict = fitKernelRidge(observations, (one, other) => product(one.point, other.point), penalty);
  return (point) => predict((one) => product(one.point, point));
}

/** `fitRidge` for points of which only the inner products are known; a prediction is asked for by these too. */
export function fitKernelRidge<One extends Omit<WeightedScore, 'point'>>(
  observations: readonly One[],
  productOf: (one: One, other: One) => number,
  penalty: number,
): (productWith: (one: One) => number) => number {
  if (!(penalty > 0 && penalty < Infinity)) throw new RangeError(`a penalty of ${penalty}`);
  const weights = observations.map(({ weight = 1 }) => weight);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return () => 0;
  const mean = observations.reduce((sum, { score }, index) => sum + score * (weights[index] ?? 0), 0) / total;
  const gram = observations.map((one, row) =>
    observations.map(
      (other, column) => productOf(one, other) + (row === column ? penalty / (weights[row] ?? 1) : 0),
    ),
  );
  const factor = choleskyFactor(gram);
  const kept = factor.columns.flatMap((index) => observations[index] ?? []);
  const duals = solveCholesky(
    factor,
    kept.map(({ score }) => score - mean),
  );
  return (productWith) =>
    kept.reduce((sum, one, index) => sum + (duals[index] ?? 0) * productWith(one), mean);
}

function product(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < one.length; index += 1) sum += (one[index] ?? 0) * (other[index] ?? 0);
  return sum;
}
