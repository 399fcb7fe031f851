/** Rows of a symmetric matrix, or of a triangular one. */
export type Matrix = readonly (readonly number[])[];

/** A factor L with L·Lᵀ = the matrix of the kept columns. */
export interface CholeskyFactor {
  /** Indices of the kept columns, ascending: those that no earlier ones add up to. */
  readonly columns: readonly number[];
  /** Lower triangular, in the order of `columns`. */
  readonly lower: Matrix;
}

/**
 * Cholesky's factor of a matrix of sums of squares and products, passing over each column that is a combination of
 * those before it: one whose remainder is at most 1e-9 of its own sum of squares, or of 1 where that is less than 1.
 * So columns of sizes about 1 are expected, and the first of several that say the same is kept.
 */
export function choleskyFactor(gram: Matrix): CholeskyFactor {
  const columns: number[] = [];
  const lower: number[][] = [];
  gram.forEach((row, column) => {
    const entries = solveLower(
      lower,
      columns.map((kept) => row[kept] ?? 0),
    );
    const own = row[column] ?? 0;
    const remainder = own - entries.reduce((sum, entry) => sum + entry * entry, 0);
    if (!(remainder > 1e-9 * Math.max(1, own))) return;
    columns.push(column);
    lower.push([...entries, Math.sqrt(remainder)]);
  });
  return { columns, lower };
}

/** x with L·Lᵀ·x = vector, both in the order of the kept columns. */
export function solveCholesky({ lower }: CholeskyFactor, vector: readonly number[]): readonly number[] {
  const half = solveLower(lower, vector);
  const solution: number[] = Array.from({ length: half.length }, () => 0);
  for (let row = half.length - 1; row >= 0; row--) {
    let value = half[row] ?? 0;
    for (let below = row + 1; below < half.length; below++)
      value -= (lower[below]?.[row] ?? 0) * (solution[below] ?? 0);
    solution[row] = value / (lower[row]?.[row] ?? 0);
  }
  return solution;
}

/** x with L·x = vector; |x|² is then the quadratic form of the inverse matrix. */
export function solveLower(lower: Matrix, vector: readonly number[]): readonly number[] {
  const solution: number[] = [];
  lower.forEach((row, index) => {
    const known = solution.reduce((sum, value, column) => sum + value * (row[column] ?? 0), 0);
    solution.push(((vector[index] ?? 0) - known) / (row[index] ?? 0));
  });
  return solution;
}
