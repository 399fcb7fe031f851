/** A quantity over a run: its total and the means of fifty equal parts, in order. */
export interface Series {
  readonly total: number;
  readonly points: readonly number[];
}

/** Number of parts. */
export const seriesPoints = 50;

export interface SeriesBuilder {
  /** Adds the value of request `index`, from 0. */
  readonly add: (index: number, value: number) => void;
  /** `mean`: total is the mean of all values; `sum`: their sum. Points are means; a part without values is 0. */
  readonly build: (total: 'mean' | 'sum') => Series;
}

/** Collects one value for each of `length` requests in constant memory. */
export function createSeries(length: number): SeriesBuilder {
  const sums = new Float64Array(seriesPoints);
  const counts = new Float64Array(seriesPoints);
  return {
    add: (index, value) => {
      const part = Math.min(seriesPoints - 1, Math.floor((index * seriesPoints) / Math.max(1, length)));
      sums[part] = (sums[part] ?? 0) + value;
      counts[part] = (counts[part] ?? 0) + 1;
    },
    build: (total) => {
      const sum = sums.reduce((all, part) => all + part, 0);
      const count = counts.reduce((all, part) => all + part, 0);
      return {
        total: total === 'sum' ? sum : count === 0 ? 0 : sum / count,
        points: Array.from(sums, (part, index) => (counts[index] ? part / (counts[index] ?? 1) : 0)),
      };
    },
  };
}
