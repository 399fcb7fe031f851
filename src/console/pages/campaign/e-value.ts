import { nothing } from '../format.ts';

/** An e-value from its natural logarithm, with as many digits as say something. */
export function eText(logE: number): string {
  const e = Math.exp(logE);
  if (!Number.isFinite(e)) return nothing;
  if (e >= 1e5) return e.toExponential(1).replace('e+', 'e');
  if (e >= 100) return Math.round(e).toLocaleString('en-US');
  if (e >= 0.01) return Number(e.toPrecision(2)).toString();
  return '<0.01';
}

/** A natural logarithm with two digits. */
export function logText(logE: number): string {
  if (!Number.isFinite(logE)) return nothing;
  return `${logE < -0.004 ? '−' : ''}${Math.abs(logE).toFixed(2)}`;
}

/** How far an e-value has come towards its bar, from 0 to 1, by logarithms; `null` while no bar is set. */
export function wayTo(logE: number, logThreshold: number): number | null {
  if (!Number.isFinite(logThreshold) || logThreshold <= 0) return null;
  return Math.min(1, Math.max(0, logE / logThreshold));
}
