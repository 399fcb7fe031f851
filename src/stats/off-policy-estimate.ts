import { effectiveSampleSize } from './effective-sample-size.ts';
import { intervalAround, type Interval } from './interval.ts';

/** Below this effective sample size no off-policy value is given. */
const effectiveSampleMinDefault = 50;

/** How an off-policy value is asked for. */
export interface OffPolicyOptions {
  /** What the effective sample size must reach, > 1. Default 50. */
  readonly effectiveSampleMin?: number;
  /** Of the interval, in (0, 1). Default .95. */
  readonly confidence?: number;
}

/** A value read from a log that another policy made, or why there is none. Never a bare number. */
export type OffPolicyEstimate = OffPolicyValue | OffPolicyRefusal;

/** An off-policy value with its uncertainty. */
export interface OffPolicyValue extends Interval {
  readonly kind: 'estimate';
  readonly value: number;
  readonly standardError: number;
  /** (Σw)²/Σw² of the importance weights; of a contrast, the smaller one of its two sides. */
  readonly effectiveSampleSize: number;
  readonly rounds: number;
  /** About 1 in a sound log; far from it, the propensities are not those that were played by. */
  readonly weightMean: number;
  readonly weightMax: number;
}

/**
 * Why the log cannot tell.
 * - `positivity`: the target plays what the log could not have played; `value` is the share of rounds with such a
 *   hole, `bound` 0. No amount of data mends it.
 * - `effective-sample-size`: `value` is what the weights leave of the log, `bound` what it must reach.
 */
export interface OffPolicyRefusal {
  readonly kind: 'refused';
  readonly reason: 'positivity' | 'effective-sample-size';
  readonly value: number;
  readonly bound: number;
}

/** What decides whether a log may answer, and is shown with the answer. */
export interface LogSupport {
  readonly rounds: number;
  /** Rounds in which the target plays what the log could not. */
  readonly holes: number;
  readonly effectiveSampleSize: number;
  readonly weightMean: number;
  readonly weightMax: number;
}

/** Support of a log by the importance weights of its rounds. */
export function supportOf(weights: readonly number[], holes: number): LogSupport {
  return {
    rounds: weights.length,
    holes,
    effectiveSampleSize: effectiveSampleSize(weights),
    weightMean: weights.reduce((sum, weight) => sum + weight, 0) / weights.length,
    weightMax: weights.reduce((one, other) => Math.max(one, other), 0),
  };
}

/** The refusal that the support of a log calls for; `null` where it may answer. Throws a RangeError for a bad bound. */
export function refusalOf(support: LogSupport, options: OffPolicyOptions): OffPolicyRefusal | null {
  const bound = options.effectiveSampleMin ?? effectiveSampleMinDefault;
  if (!(bound > 1)) throw new RangeError(`effective sample size: bound ${bound} is not above 1`);
  const { holes, rounds } = support;
  if (holes > 0) return { kind: 'refused', reason: 'positivity', value: holes / rounds, bound: 0 };
  // An empty log, and one of zero weights alone, end here too.
  if (!(support.effectiveSampleSize >= bound))
    return { kind: 'refused', reason: 'effective-sample-size', value: support.effectiveSampleSize, bound };
  return null;
}

/** A value and its standard error, with the normal interval and what the weights looked like. */
export function offPolicyValue(
  found: { readonly value: number; readonly standardError: number },
  support: LogSupport,
  options: OffPolicyOptions,
): OffPolicyValue {
  const { rounds, weightMean, weightMax } = support;
  return {
    kind: 'estimate',
    ...found,
    ...intervalAround(found.value, found.standardError, Infinity, options.confidence),
    effectiveSampleSize: support.effectiveSampleSize,
    rounds,
    weightMean,
    weightMax,
  };
}

/** Mean of at least two values with its standard error, √(Σ(x − x̄)²/(n(n − 1))). */
export function meanWithError(values: readonly number[]): {
  readonly value: number;
  readonly standardError: number;
} {
  const count = values.length;
  const value = values.reduce((sum, term) => sum + term, 0) / count;
  const squares = values.reduce((sum, term) => sum + (term - value) ** 2, 0);
  return { value, standardError: Math.sqrt(squares / (count * (count - 1))) };
}
