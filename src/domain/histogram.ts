/**
 * Integer histogram of paired differences: key round(100·D) in [-100, 100], value how often it was seen.
 * Additive and order-free, so that any verdict can be recomputed and replicas merge exactly.
 */
export type Histogram = Readonly<Record<string, number>>;

/** Histograms by ledger: `primary`, or a guardrail's or slice's name. */
export type Ledger = Readonly<Record<string, Histogram>>;

/** Name of the ledger that superiority is judged by. */
export const primaryLedger = 'primary';

/** Adds one difference D in [-1, 1], rounded to 2 decimals. */
export function addDifference(histogram: Histogram, difference: number): Histogram {
  const key = String(differenceKey(difference));
  return { ...histogram, [key]: (histogram[key] ?? 0) + 1 };
}

/**
 * The histogram key of a difference: hundredths, halves rounded away from zero. `Math.round` takes them upwards, which
 * would favour the candidate in means over a conversation, such as +1/8 and -1/8. Throws a RangeError outside [-1, 1].
 */
export function differenceKey(difference: number): number {
  if (!(difference >= -1 && difference <= 1))
    throw new RangeError(`difference ${difference} is outside [-1, 1]`);
  const key = Math.sign(difference) * Math.round(Math.abs(difference) * 100);
  return key === 0 ? 0 : key;
}

/** Sum of two histograms. */
export function mergeHistograms(one: Histogram, other: Histogram): Histogram {
  const merged: Record<string, number> = { ...one };
  for (const [key, count] of Object.entries(other)) merged[key] = (merged[key] ?? 0) + count;
  return merged;
}

/** Number of differences counted. */
export function countOf(histogram: Histogram): number {
  return Object.values(histogram).reduce((sum, count) => sum + count, 0);
}

/** Mean difference, `null` when nothing was counted. */
export function meanOf(histogram: Histogram): number | null {
  const count = countOf(histogram);
  if (count === 0) return null;
  // Whole hundredths add up exactly, in whatever order the cells stand.
  const hundredths = Object.entries(histogram).reduce((sum, [key, value]) => sum + Number(key) * value, 0);
  return hundredths / 100 / count;
}
