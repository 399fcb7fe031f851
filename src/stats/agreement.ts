import type { ConfidenceBounds } from '../domain/confidence-bounds.ts';
import { jointCells, type JointHistogram } from '../domain/joint-histogram.ts';
import { jointMoments } from './joint-moments.ts';
import { meanInterval } from './mean-interval.ts';

/** How far two raters agree beyond chance. */
export interface Agreement {
  /** Pairs of ratings. */
  readonly count: number;
  /** Cohen's kappa with quadratic weights, in [−1, 1]: 0 is chance, 1 is identity. */
  readonly kappa: number;
  /** Bounds that hold at all times at once. */
  readonly bounds: ConfidenceBounds;
}

/**
 * Agreement of two ratings X and Y in [−1, 1], corrected for what raters with the same habits would reach by chance.
 *
 * κ = 2·Cov(X, Y) / (Var X + Var Y + (EX − EY)²), the quadratically weighted kappa: Cohen, "Weighted kappa",
 * Psychological Bulletin 70 (1968); the usual kappa for two-valued ratings, and in general Lin's concordance (Biometrics
 * 45, 1989). It has the sign of the covariance. With D = E(X − Y)² it is 2·Cov/(D + 2·Cov),
 * which grows with Cov, and with D moves towards 0.
 *
 * Bounds: E[XY], EX, EY and D each lie within confidence sequences at level alpha/4, so that all four hold together and
 * at all times with probability 1 − alpha; Cov = E[XY] − EX·EY over that box gives the extremes. Conservative: about
 * 100 ratings are needed where a fixed sample would do with 40, but one may look after each. The interval includes
 * chance exactly if `bounds.low` ≤ 0 ≤ `bounds.high`.
 *
 * `null` where nothing was rated. `alpha` in (0, 1), default .05.
 */
export function agreementOf(joint: JointHistogram, alpha: number = 0.05): Agreement | null {
  const moments = jointMoments(joint);
  if (moments === null) return null;
  const cells = jointCells(joint);
  const bound = (of: (first: number, second: number) => number): ConfidenceBounds =>
    meanInterval(
      cells.map(({ first, second, count }) => [of(first, second), count]),
      alpha / 4,
    );
  const product = bound((first, second) => first * second);
  const chance = productRange(
    bound((first) => first),
    bound((_, second) => second),
  );
  const quarterDistance = bound((first, second) => (first - second) ** 2 / 4);
  const distance = { low: 4 * Math.max(0, quarterDistance.low), high: 4 * quarterDistance.high };
  const covariance = { low: product.low - chance.high, high: product.high - chance.low };
  const { varianceFirst, varianceSecond, meanFirst, meanSecond } = moments;
  const spread = varianceFirst + varianceSecond + (meanFirst - meanSecond) ** 2;
  return {
    count: moments.count,
    kappa: spread === 0 ? 0 : (2 * moments.covariance) / spread,
    bounds: {
      low: kappaOf(covariance.low, covariance.low > 0 ? distance.high : distance.low),
      high: kappaOf(covariance.high, covariance.high > 0 ? distance.low : distance.high),
    },
  };
}

/** Where the product of two bounded numbers lies. */
function productRange(one: ConfidenceBounds, other: ConfidenceBounds): ConfidenceBounds {
  const corners = [one.low, one.high].flatMap((factor) => [factor * other.low, factor * other.high]);
  return { low: Math.min(...corners), high: Math.max(...corners) };
}

/** Clipped to [−1, 1]; a corner of the box that no ratings can have goes to the end on its side. */
function kappaOf(covariance: number, distance: number): number {
  const spread = distance + 2 * covariance;
  if (spread <= 0) return Math.sign(covariance);
  return Math.min(1, Math.max(-1, (2 * covariance) / spread));
}
