/** Middle and range of repeated measurements. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** The value below which a share `q` in [0, 1] of sorted values lies, the nearest one at hand; NaN for none. */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  const index = Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1));
  return sorted[index] ?? Number.NaN;
}

/** Median; the mean of the two in the middle for an even count; NaN for none. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Median and range of the values that are numbers. */
export function spreadOf(values: readonly number[]): Spread {
  const known = values.filter((value) => !Number.isNaN(value));
  return { median: median(known), min: Math.min(...known), max: Math.max(...known) };
}

/**
 * Slope of y over x by Theil and Sen (1968): the median of the slopes of all pairs, which a few outliers do not move.
 * NaN for fewer than two points.
 */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const slopes: number[] = [];
  for (const [index, [x, y]] of points.entries())
    for (const [otherX, otherY] of points.slice(index + 1))
      if (otherX !== x) slopes.push((otherY - y) / (otherX - x));
  return median(slopes);
}
