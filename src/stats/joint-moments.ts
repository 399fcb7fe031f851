import { jointCells, type JointHistogram } from '../domain/joint-histogram.ts';

/** Moments of pairs of values; variances and covariance with the count as denominator. */
export interface JointMoments {
  readonly count: number;
  readonly meanFirst: number;
  readonly meanSecond: number;
  readonly varianceFirst: number;
  readonly varianceSecond: number;
  readonly covariance: number;
}

/** The moments of a joint histogram; `null` where it is empty. */
export function jointMoments(joint: JointHistogram): JointMoments | null {
  const cells = jointCells(joint);
  const count = cells.reduce((sum, cell) => sum + cell.count, 0);
  if (count === 0) return null;
  const mean = (of: (cell: (typeof cells)[number]) => number): number =>
    cells.reduce((sum, cell) => sum + cell.count * of(cell), 0) / count;
  const meanFirst = mean(({ first }) => first);
  const meanSecond = mean(({ second }) => second);
  return {
    count,
    meanFirst,
    meanSecond,
    varianceFirst: mean(({ first }) => (first - meanFirst) ** 2),
    varianceSecond: mean(({ second }) => (second - meanSecond) ** 2),
    covariance: mean(({ first, second }) => (first - meanFirst) * (second - meanSecond)),
  };
}

/** Pearson's correlation in [−1, 1]; `null` where either value never varies. */
export function correlationOf({ covariance, varianceFirst, varianceSecond }: JointMoments): number | null {
  const scale = Math.sqrt(varianceFirst * varianceSecond);
  return scale === 0 ? null : Math.min(1, Math.max(-1, covariance / scale));
}

/** A least-squares line's rise with its error. */
export interface Slope {
  readonly slope: number;
  /** Robust against unequal spread: White, "A heteroskedasticity-consistent covariance matrix", Econometrica 48 (1980). */
  readonly standardError: number;
}

/** How much the second value rises per unit of the first; `null` below three pairs or where the first never varies. */
export function slopeOf(joint: JointHistogram): Slope | null {
  const moments = jointMoments(joint);
  if (moments === null || moments.count < 3 || moments.varianceFirst === 0) return null;
  const { count, meanFirst, meanSecond, varianceFirst, covariance } = moments;
  const slope = covariance / varianceFirst;
  const meat = jointCells(joint).reduce((sum, cell) => {
    const deviation = cell.first - meanFirst;
    const residual = cell.second - meanSecond - slope * deviation;
    return sum + cell.count * (deviation * residual) ** 2;
  }, 0);
  return { slope, standardError: Math.sqrt(meat) / (count * varianceFirst) };
}
