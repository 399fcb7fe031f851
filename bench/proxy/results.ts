import { spreadOf, type Spread } from '../statistics.ts';

/** What was measured again and again of one contender in one case; one value for each round, in their order. */
export interface Series {
  readonly case: string;
  readonly contender: string;
  /** With its unit last, such as `cpuMicros`. */
  readonly measure: string;
  readonly values: readonly number[];
}

/** Names a series. */
export type SeriesName = Omit<Series, 'values'>;

/** All that was measured. */
export interface Results {
  readonly add: (name: SeriesName, value: number) => void;
  readonly all: () => readonly Series[];
}

/** Starts without any. */
export function createResults(): Results {
  const series = new Map<string, SeriesName & { readonly values: number[] }>();
  return {
    add: (name, value) => {
      const key = `${name.case}\n${name.contender}\n${name.measure}`;
      const known = series.get(key) ?? { ...name, values: [] };
      known.values.push(value);
      series.set(key, known);
    },
    all: () => [...series.values()],
  };
}

/** Values of a series; empty where it was not measured. */
export function valuesOf(all: readonly Series[], name: SeriesName): readonly number[] {
  const found = all.find(
    (series) =>
      series.case === name.case && series.contender === name.contender && series.measure === name.measure,
  );
  return found?.values ?? [];
}

/**
 * Spread of a comparison of two series, made round by round, so that what slowed the machine down in a round concerns
 * both; `undefined` where one was not measured.
 */
export function compare(
  all: readonly Series[],
  one: SeriesName,
  other: SeriesName,
  by: (value: number, reference: number) => number,
): Spread | undefined {
  const references = valuesOf(all, other);
  const compared = valuesOf(all, one)
    .map((value, round) => by(value, references[round] ?? Number.NaN))
    .filter((value) => !Number.isNaN(value));
  return compared.length === 0 ? undefined : spreadOf(compared);
}
