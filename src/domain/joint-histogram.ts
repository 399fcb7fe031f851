import { countOf, mergeHistograms, type Histogram, type Ledger } from './histogram.ts';

/**
 * Integer histogram of pairs of values in [-1, 1]: for each hundredth of the first the histogram of the second.
 * Additive and order-free like a histogram, so that covariances can be recomputed and replicas merge exactly.
 */
export type JointHistogram = Readonly<Record<string, Histogram>>;

/** A pair of values with how often it was seen. */
export interface JointCell {
  readonly first: number;
  readonly second: number;
  readonly count: number;
}

/** Name of the ledger that holds the row of a joint histogram; `first` is in hundredths. */
export function jointRow(name: string, first: number): string {
  return `${name}:${first}`;
}

/** The joint histogram that a ledger keeps in rows of this name. */
export function jointOf(ledger: Ledger, name: string): JointHistogram {
  const start = `${name}:`;
  return Object.fromEntries(
    Object.entries(ledger).flatMap(([row, histogram]) => {
      const first = row.startsWith(start) ? row.slice(start.length) : '';
      return /^-?\d+$/.test(first) ? [[first, histogram] as const] : [];
    }),
  );
}

/** Sum of two joint histograms. */
export function mergeJoints(one: JointHistogram, other: JointHistogram): JointHistogram {
  const merged: Record<string, Histogram> = { ...one };
  for (const [first, row] of Object.entries(other)) merged[first] = mergeHistograms(merged[first] ?? {}, row);
  return merged;
}

/** Number of pairs counted. */
export function jointCount(joint: JointHistogram): number {
  return Object.values(joint).reduce((sum, row) => sum + countOf(row), 0);
}

/** All cells with their values, in ascending order, so that sums over them do not depend on the order of insertion. */
export function jointCells(joint: JointHistogram): readonly JointCell[] {
  return Object.entries(joint)
    .flatMap(([first, row]) =>
      Object.entries(row).map(([second, count]) => ({
        first: Number(first) / 100,
        second: Number(second) / 100,
        count,
      })),
    )
    .filter(({ count }) => count > 0)
    .toSorted((one, other) => one.first - other.first || one.second - other.second);
}
