import type { TargetValues } from './episode-values.ts';

/** The mean of each metric over the targets of an episode that have a value of it; the same in whatever order they come. */
export function meanValues(targets: readonly TargetValues[]): Readonly<Record<string, number>> {
  const found = targets.flatMap(({ rows }) =>
    [...rows].flatMap(([metric, { counted }]) =>
      counted === null ? [] : [{ metric, value: counted.value }],
    ),
  );
  const byMetric = Map.groupBy(found, ({ metric }) => metric);
  return Object.fromEntries(
    [...byMetric].map(([metric, all]) => {
      const values = all.map(({ value }) => value).toSorted((one, other) => one - other);
      return [metric, values.reduce((sum, value) => sum + value, 0) / values.length];
    }),
  );
}
