import type { EvidenceLine } from '../gate/recompute-verdict.ts';

/** E-values beside their bars, for a terminal. */
export function evidenceLines(lines: readonly EvidenceLine[]): readonly string[] {
  const width = Math.max(...lines.map(({ name }) => name.length));
  return lines.map(({ name, hypothesis, logE, logThreshold, effect }) => {
    const isReached = logE >= logThreshold;
    const bar = `${eValue(logE).padStart(10)} of ${eValue(logThreshold)} to ${effect}`;
    return `  ${isReached ? '●' : '○'} ${name.padEnd(width)} E ${bar.padEnd(30)} against "${hypothesis}"`;
  });
}

/** An e-value from its logarithm, in at most 8 characters or so. */
function eValue(log: number): string {
  const value = Math.exp(log);
  if (value >= 1e5) return value.toExponential(1);
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
