import { studentQuantile } from './student-quantile.ts';

/** What an interval covers when nothing else is asked for. */
const confidenceDefault = 0.95;

/** A two-sided confidence interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * estimate ± t·standardError with Student's t of `freedom` degrees of freedom; Infinity for the normal interval.
 * `confidence` lies in (0, 1). Throws a RangeError otherwise.
 */
export function intervalAround(
  estimate: number,
  standardError: number,
  freedom: number,
  confidence: number = confidenceDefault,
): Interval {
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`confidence ${confidence} is outside (0, 1)`);
  const reach = studentQuantile((1 + confidence) / 2, freedom) * standardError;
  return { low: estimate - reach, high: estimate + reach };
}
