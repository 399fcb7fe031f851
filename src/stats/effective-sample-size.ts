/**
 * How many equally weighted observations carry as much as these: (Σw)²/Σw². Kish, "Survey sampling" (1965). Between 1
 * and the number of weights; 0 where there are none, or all are 0. `weights` are ≥ 0 and finite.
 */
export function effectiveSampleSize(weights: readonly number[]): number {
  let sum = 0;
  let squares = 0;
  for (const weight of weights) {
    sum += weight;
    squares += weight * weight;
  }
  return squares === 0 ? 0 : (sum * sum) / squares;
}
