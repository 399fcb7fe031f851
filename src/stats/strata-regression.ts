import { choleskyFactor, solveCholesky, solveLower, type CholeskyFactor, type Matrix } from './cholesky.ts';

/** Observations of a regression that share stratum and features. */
export interface RegressionCell {
  readonly stratum: string;
  /** As many for every cell; of sizes about 1, such as indicators. */
  readonly features: readonly number[];
  readonly outcomes: readonly WeightedOutcome[];
  /**
   * Which sample of outcomes in [0, 1] it belongs to: their squared errors count as 1/n on average at least, for the
   * same reason as in `stratifiedContrast`. `null` for no such floor.
   */
  readonly sample: string | null;
}

/** One observation. */
export interface WeightedOutcome {
  readonly outcome: number;
  /** > 0. */
  readonly weight: number;
}

/** Coefficients of the features that the data tell apart. */
export interface StrataRegression {
  /** Indices of the features fitted, ascending; the others are combinations of earlier ones, or never vary. */
  readonly columns: readonly number[];
  /** In the order of `columns`, as is the covariance. */
  readonly coefficients: readonly number[];
  /** HC3. */
  readonly covariance: Matrix;
  /** Observations less coefficients less strata, ≥ 1. */
  readonly freedom: number;
  /** Features whose coefficient depends on which of several equivalent ones was kept; not to be read. */
  readonly confounded: readonly number[];
}

/**
 * Weighted least squares of the outcome on features and a fixed effect of each stratum, which is taken out by
 * subtracting stratum means (Frisch & Waugh, Econometrica 1, 1933; Lovell, JASA 58, 1963), so that strata may be many.
 * Errors are HC3, which weighs a squared residual by 1/(1 − h)² for its leverage h: MacKinnon & White, J. Econometrics
 * 29 (1985), advised for samples below 250 by Long & Ervin, The American Statistician 54 (2000).
 *
 * An observation that the fit passes through whatever its outcome (leverage 1), such as one alone in its stratum, tells
 * nothing of the rest and is left out. `null` where no feature is left to fit, or no observation to judge the fit by.
 */
export function strataRegression(cells: readonly RegressionCell[]): StrataRegression | null {
  let kept = cells;
  for (;;) {
    const centred = centre(kept);
    const factor = choleskyFactor(gramOf(centred));
    const free = centred.map((cell) => withoutFull(cell, leverageOf(cell, factor)));
    if (countOf(free) === countOf(kept)) return fit(centred, factor);
    kept = free;
  }
}

/** From here on a leverage counts as 1. */
const leverageMax = 1 - 1e-9;

function withoutFull({ cell }: CentredCell, leverage: number): RegressionCell {
  return { ...cell, outcomes: cell.outcomes.filter(({ weight }) => weight * leverage < leverageMax) };
}

function countOf(cells: readonly RegressionCell[]): number {
  return cells.reduce((sum, { outcomes }) => sum + outcomes.length, 0);
}

interface CentredCell {
  readonly cell: RegressionCell;
  /** Less the weighted mean of the stratum. */
  readonly features: readonly number[];
  /** Weighted mean outcome of the stratum. */
  readonly level: number;
  /** Sum of weights in the stratum. */
  readonly size: number;
  /** Sum of weights in the cell, and of weighted outcomes. */
  readonly weight: number;
  readonly total: number;
}

function centre(cells: readonly RegressionCell[]): readonly CentredCell[] {
  const filled = cells.filter(({ outcomes }) => outcomes.length > 0);
  return [...Map.groupBy(filled, ({ stratum }) => stratum).values()].flatMap((members) => {
    const weights = members.map(({ outcomes }) => outcomes.reduce((sum, { weight }) => sum + weight, 0));
    const totals = members.map(({ outcomes }) =>
      outcomes.reduce((sum, { outcome, weight }) => sum + weight * outcome, 0),
    );
    const size = sumOf(weights);
    const level = sumOf(totals) / size;
    const means = (members[0]?.features ?? []).map(
      (_, index) =>
        sumOf(members.map(({ features }, place) => (weights[place] ?? 0) * (features[index] ?? 0))) / size,
    );
    return members.map((cell, place) => {
      const weight = weights[place] ?? 0;
      const features = cell.features.map((feature, index) => feature - (means[index] ?? 0));
      return { cell, features, level, size, weight, total: totals[place] ?? 0 };
    });
  });
}

function gramOf(cells: readonly CentredCell[]): Matrix {
  const gram = zeros(cells[0]?.features.length ?? 0);
  for (const { features, weight } of cells) addOuter(gram, features, weight);
  return gram;
}

/** Of an observation of weight 1 in the cell. */
function leverageOf({ features, size }: CentredCell, factor: CholeskyFactor): number {
  const half = solveLower(factor.lower, pick(features, factor));
  return 1 / size + sumOf(half.map((value) => value * value));
}

function fit(cells: readonly CentredCell[], factor: CholeskyFactor): StrataRegression | null {
  const { columns } = factor;
  const strata = new Set(cells.map(({ cell }) => cell.stratum)).size;
  const freedom = countOf(cells.map(({ cell }) => cell)) - columns.length - strata;
  if (columns.length === 0 || freedom < 1) return null;
  // Outcomes need no centring here: centred features sum to 0 in each stratum.
  const products = columns.map((column) =>
    sumOf(cells.map(({ features, total }) => (features[column] ?? 0) * total)),
  );
  const coefficients = solveCholesky(factor, products);
  const covariance = zeros(columns.length);
  const samples = Map.groupBy(cells, ({ cell }) => cell.sample);
  for (const [sample, members] of samples) {
    const errors = members.map((cell) => errorOf(cell, coefficients, factor));
    const count = sumOf(errors.map((error) => error.count));
    const mean = sumOf(errors.map((error) => error.squares)) / count;
    const shortfall = sample === null ? 0 : Math.max(0, 1 / count - mean);
    errors.forEach(({ moved, weights }, index) => {
      const moves = solveCholesky(factor, pick(members[index]?.features ?? [], factor));
      addOuter(covariance, moves, moved + shortfall * weights);
    });
  }
  return { columns, coefficients, covariance, freedom, confounded: confoundedOf(gramOf(cells), factor) };
}

interface CellError {
  readonly count: number;
  /** Σ (e/(1 − h))², Σ w²(e/(1 − h))² and Σ w². */
  readonly squares: number;
  readonly moved: number;
  readonly weights: number;
}

function errorOf(centred: CentredCell, coefficients: readonly number[], factor: CholeskyFactor): CellError {
  const { cell, features, level } = centred;
  const own = pick(features, factor);
  const fitted = level + sumOf(own.map((feature, index) => feature * (coefficients[index] ?? 0)));
  const leverage = leverageOf(centred, factor);
  let [squares, moved, weights] = [0, 0, 0];
  for (const { outcome, weight } of cell.outcomes) {
    const square = ((outcome - fitted) / (1 - weight * leverage)) ** 2;
    squares += square;
    moved += weight ** 2 * square;
    weights += weight ** 2;
  }
  return { count: cell.outcomes.length, squares, moved, weights };
}

/** Features left out, and those fitted that one of them is partly made of. */
function confoundedOf(gram: Matrix, factor: CholeskyFactor): readonly number[] {
  const { columns } = factor;
  const confounded = new Set<number>();
  gram.forEach((row, column) => {
    if (columns.includes(column)) return;
    confounded.add(column);
    const parts = solveCholesky(
      factor,
      columns.map((kept) => row[kept] ?? 0),
    );
    parts.forEach((part, index) => {
      if (Math.abs(part) > 1e-6) confounded.add(columns[index] ?? 0);
    });
  });
  return [...confounded].toSorted((one, other) => one - other);
}

function pick(features: readonly number[], { columns }: CholeskyFactor): readonly number[] {
  return columns.map((column) => features[column] ?? 0);
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function zeros(count: number): number[][] {
  return Array.from({ length: count }, () => Array.from({ length: count }, () => 0));
}

function addOuter(sum: number[][], vector: readonly number[], weight: number): void {
  vector.forEach((one, row) => {
    const target = sum[row];
    if (target !== undefined)
      vector.forEach((other, column) => (target[column] = (target[column] ?? 0) + weight * one * other));
  });
}
