import { createSeededRandom } from '../../src/runtime/seeded-random.ts';
import { quantile } from '../statistics.ts';

/** An estimate with its 95 % interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

const resamples = 2_000;

/** The geometric mean of ratios > 0, its interval by the percentile bootstrap (Efron, 1979). */
export function geometricMean(ratios: readonly number[]): Estimate {
  const logs = ratios.map(Math.log);
  const { value, low, high, count } = mean(logs);
  return { value: Math.exp(value), low: Math.exp(low), high: Math.exp(high), count };
}

/** The mean, its interval by the percentile bootstrap. */
export function mean(values: readonly number[]): Estimate {
  const random = createSeededRandom(1);
  const means = Array.from({ length: resamples }, () =>
    average(values.map(() => values[Math.floor(random.next() * values.length)] ?? 0)),
  ).toSorted((one, other) => one - other);
  return {
    value: average(values),
    low: quantile(means, 0.025),
    high: quantile(means, 0.975),
    count: values.length,
  };
}

/** A share, its interval by Wilson's score (1927). */
export function share(hits: number, count: number): Estimate {
  const z = 1.96;
  const p = hits / count;
  const middle = (p + z ** 2 / (2 * count)) / (1 + z ** 2 / count);
  const reach = (z / (1 + z ** 2 / count)) * Math.sqrt((p * (1 - p)) / count + (z / (2 * count)) ** 2);
  return { value: p, low: middle - reach, high: middle + reach, count };
}

function average(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}
