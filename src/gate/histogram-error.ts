import { countOf, meanOf, type Histogram } from '../domain/histogram.ts';

/** Sample variance of the differences; `null` below two. */
export function varianceOf(histogram: Histogram): number | null {
  const count = countOf(histogram);
  const mean = meanOf(histogram);
  if (count < 2 || mean === null) return null;
  const squares = Object.entries(histogram).reduce(
    (sum, [key, times]) => sum + times * (Number(key) / 100 - mean) ** 2,
    0,
  );
  return squares / (count - 1);
}

/** Standard error of the mean difference; `null` below two differences. */
export function standardErrorOf(histogram: Histogram): number | null {
  const variance = varianceOf(histogram);
  return variance === null ? null : Math.sqrt(variance / countOf(histogram));
}

/** Whether the mean lies more than `errors` standard errors below zero. `false` while too little is known. */
export function isBelowZero(histogram: Histogram, errors: number): boolean {
  const mean = meanOf(histogram);
  const standardError = standardErrorOf(histogram);
  return mean !== null && standardError !== null && mean < 0 && mean < -errors * standardError;
}
