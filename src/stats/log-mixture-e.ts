import type { Histogram } from '../domain/histogram.ts';

/** Fractions g_j of the largest safe bet, log-spaced from .01 to .95. */
export const mixtureBets: readonly number[] = Array.from(
  { length: 20 },
  (_, index) => 0.01 * 95 ** (index / 19),
);

/**
 * Natural logarithm of the e-value against H0: the mean difference, given the past, is at most −margin.
 *
 * E = (1/20) Σ_j exp Σ_k c_k·log(1 + λ_j(k/100 + m)), λ_j = g_j/(1 − m), with c_k the histogram's counts: the wealth
 * of 20 gamblers who each bet a fixed fraction on every pair, averaged. Waudby-Smith & Ramdas, "Estimating means of
 * bounded random variables by betting", JRSS B 86 (2024). By Ville's inequality P(E ever ≥ 1/α) ≤ α under H0, however
 * often one looks. Depends on the counts alone, to the last bit, not on the order in which they came.
 *
 * An empty histogram gives 0. `margin` lies in (−1, 1): 0 tests superiority, m > 0 non-inferiority by m.
 * Throws a RangeError for another margin, a key that is no integer in [−100, 100], or a negative count.
 */
export function logMixtureE(histogram: Histogram, margin: number): number {
  return logMixtureOfValues(cellsOf(histogram), margin);
}

/** Values in [−1, 1], each with how often it was seen. */
export type CountedValues = readonly (readonly [value: number, count: number])[];

/** `logMixtureE` for values that are not whole hundredths; they are taken in the order given. */
export function logMixtureOfValues(values: CountedValues, margin: number): number {
  return logMixtureOfParts([{ values, margin }]);
}

/** Observations with a margin of their own, in (−1, 1). */
export interface EvidencePart {
  readonly values: CountedValues;
  readonly margin: number;
}

/**
 * `logMixtureE` where the margin differs from part to part: each gambler bets the same fraction of the largest safe bet
 * on all of them, so that the wealth of one part is the stake of the next. Which part an observation belongs to must be
 * settled before it is made.
 */
export function logMixtureOfParts(parts: readonly EvidencePart[]): number {
  for (const { margin } of parts)
    if (!(margin > -1 && margin < 1)) throw new RangeError(`margin ${margin} is outside (-1, 1)`);
  const logWealths = mixtureBets.map((bet) =>
    parts.reduce(
      (total, { values, margin }) =>
        total +
        values.reduce((sum, [value, count]) => {
          return sum + count * Math.log1p((bet / (1 - margin)) * (value + margin));
        }, 0),
      0,
    ),
  );
  return logMeanExp(logWealths);
}

/** Log e-value against H0: mean ≥ 0. Large when the candidate does harm. */
export function logHarmE(histogram: Histogram): number {
  return logMixtureE(mirror(histogram), 0);
}

/** Log e-value against H0: mean ≥ mde, with `mde` in (−1, 1). Large when the gain worth waiting for is not there. */
export function logFutilityE(histogram: Histogram, mde: number): number {
  return logMixtureE(mirror(histogram), mde);
}

/**
 * The values of a histogram in ascending order, since negative keys of an object keep the order of insertion and
 * addition rounds. Throws a RangeError for a key that is no integer in [−100, 100], or a negative count.
 */
export function cellsOf(histogram: Histogram): CountedValues {
  return Object.entries(histogram)
    .map(([key, count]): readonly [number, number] => {
      const hundredths = Number(key);
      if (!Number.isInteger(hundredths) || Math.abs(hundredths) > 100 || !(count >= 0 && count < Infinity))
        throw new RangeError(`histogram cell ${key}: ${count}`);
      return [hundredths / 100, count];
    })
    .toSorted(([one], [other]) => one - other);
}

function mirror(histogram: Histogram): Histogram {
  return Object.fromEntries(
    Object.entries(histogram).map(([key, count]) => [String(0 - Number(key)), count]),
  );
}

/** Logarithm of the mean of the exponentials; of e-values' logarithms the logarithm of their mean, an e-value too. */
export function logMeanExp(logs: readonly number[]): number {
  const greatest = logs.reduce((one, other) => Math.max(one, other));
  const total = logs.reduce((sum, log) => sum + Math.exp(log - greatest), 0);
  return greatest + Math.log(total / logs.length);
}
