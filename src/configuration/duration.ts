const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** A duration as people write it: a positive number and one of `ms`, `s`, `m`, `h`, `d`, `w`. */
export const durationPattern: RegExp = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)$/;

/** Milliseconds of a text like `7d` or `1.5h`; `undefined` when it is no duration, or none above zero. */
export function parseDurationMs(text: string): number | undefined {
  const [, amount, unit] = durationPattern.exec(text) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  const milliseconds = Math.round(Number(amount) * (unitMs[unit] ?? Number.NaN));
  return milliseconds > 0 && Number.isSafeInteger(milliseconds) ? milliseconds : undefined;
}

/** A duration in the largest unit that divides it: `14d`, `90m`. */
export function formatDuration(durationMs: number): string {
  const units = Object.entries(unitMs).filter(([unit]) => unit !== 'w');
  const [unit, size] = units.findLast(([, milliseconds]) => durationMs % milliseconds === 0) ?? ['ms', 1];
  return `${durationMs / size}${unit}`;
}
