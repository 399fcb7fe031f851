/**
 * Cosine of the angle between two vectors of equal length, in [−1, 1]; 0 where either is zero. Throws a RangeError for
 * vectors of different lengths, which come from different embedders.
 */
export function cosine(one: ArrayLike<number>, other: ArrayLike<number>): number {
  if (one.length !== other.length)
    throw new RangeError(`vectors of ${one.length} and ${other.length} dimensions`);
  let [product, ones, others] = [0, 0, 0];
  for (let index = 0; index < one.length; index++) {
    const [a, b] = [one[index] ?? 0, other[index] ?? 0];
    product += a * b;
    ones += a * a;
    others += b * b;
  }
  if (ones === 0 || others === 0) return 0;
  return Math.min(1, Math.max(-1, product / Math.sqrt(ones * others)));
}
