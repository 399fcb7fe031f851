/** Delays that a task remembers, newest last. */
export const delaysMax = 200;

/** Delays that must be known before they set the window. */
export const delaysMin = 50;

/** Longest window while too few delays are known: one hour. */
export const firstWindowMs = 3_600_000;

/**
 * How long after a decision its feedback is waited for before the decision counts as selected, and as observed if
 * feedback came: min(attribution window, 2 × the 95th percentile of observed delays), and min(attribution window, 1 h)
 * until 50 delays are known. The percentile is the nearest rank: the smallest delay that at least 95 % do not exceed.
 */
export function observationWindowMs(delaysMs: readonly number[], attributionWindowMs: number): number {
  if (delaysMs.length < delaysMin) return Math.min(attributionWindowMs, firstWindowMs);
  const sorted = delaysMs.toSorted((one, other) => one - other);
  const percentile = sorted[Math.ceil(0.95 * sorted.length) - 1] ?? 0;
  return Math.min(attributionWindowMs, 2 * percentile);
}

/** Remembers one more delay and forgets the oldest beyond `delaysMax`. Clocks that disagree give a delay of 0. */
export function addDelay(delaysMs: readonly number[], delayMs: number): readonly number[] {
  return [...delaysMs.slice(-(delaysMax - 1)), Math.max(0, delayMs)];
}
