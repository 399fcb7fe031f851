import { studentQuantile } from './student-quantile.ts';

/**
 * The one-sided lower confidence bound of the slope of y on x by least squares with an intercept: b − t·s/√Sxx, with
 * s² = residual sum / (n − 2) and Student's t of n − 2 degrees of freedom (Gauss, 1809; Student, 1908). `null` for fewer
 * than three points, or where x does not vary. `confidence` lies in (0, 1); throws a RangeError otherwise.
 */
export function slopeBound(
  points: readonly (readonly [x: number, y: number])[],
  confidence: number,
): number | null {
  const n = points.length;
  if (n < 3) return null;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n;
  const squares = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  if (!(squares > 0)) return null;
  const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / squares;
  const residual = points.reduce((sum, [x, y]) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0);
  return slope - studentQuantile(confidence, n - 2) * Math.sqrt(residual / (n - 2) / squares);
}
