/**
 * Wilson's interval (JASA 1927) for a mean of n > 0 values in [0, 1], 95 %, for one look: values between 0 and 1 vary no
 * more than those at the ends, for which it is made.
 */
export function wilson(mean: number, n: number): { readonly low: number; readonly high: number } {
  const z = 1.96;
  const shrunk = 1 / (1 + z ** 2 / n);
  const centre = (mean + z ** 2 / (2 * n)) * shrunk;
  const half = z * Math.sqrt((mean * (1 - mean)) / n + z ** 2 / (4 * n ** 2)) * shrunk;
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
