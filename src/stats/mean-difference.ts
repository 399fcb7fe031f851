/** What a mean and its error need to know of a sample; sums of samples are sums of these. */
export interface SampleSums {
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
}

/** Difference of two sample means with its standard error. */
export interface MeanDifference {
  readonly difference: number;
  /** With the variance pooled over both samples; `null` below three values in all. */
  readonly standardError: number | null;
}

/**
 * Mean of the first sample minus mean of the second, with the two-sample (pooled) standard error of Student.
 * Pooling lets a sample of one value borrow the other's spread. `null` where a sample is empty.
 */
export function meanDifference(one: SampleSums, other: SampleSums): MeanDifference | null {
  if (!(one.count > 0) || !(other.count > 0)) return null;
  const difference = one.sum / one.count - other.sum / other.count;
  const freedom = one.count + other.count - 2;
  if (freedom < 1) return { difference, standardError: null };
  const variance = (squaredDeviations(one) + squaredDeviations(other)) / freedom;
  return { difference, standardError: Math.sqrt(variance * (1 / one.count + 1 / other.count)) };
}

function squaredDeviations({ count, sum, squares }: SampleSums): number {
  return Math.max(0, squares - sum ** 2 / count);
}
