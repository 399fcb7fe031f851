/** The first and the longest wait between two attempts, milliseconds. */
const baseMs = 500;
const maxMs = 30_000;

/** The longest time that a server may ask to wait, milliseconds. */
const hintMaxMs = 60_000;

/**
 * Milliseconds to wait after so many failures, from 1: doubled with each, of which a random half is taken off, so that
 * clients that failed together come back apart. Not less than the server asked for. `random`: in [0, 1).
 */
export function retryDelayMs(failures: number, hintMs: number | null, random: number): number {
  const grownMs = Math.min(maxMs, baseMs * 2 ** (failures - 1));
  return Math.max(grownMs * (1 - random / 2), Math.min(hintMaxMs, hintMs ?? 0));
}

/** What `retry-after` asks for, in milliseconds; seconds or a date. `null`: nothing, or nothing that can be read. */
export function retryHintMs(header: string | null, nowMs: number): number | null {
  const text = header?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  // What begins with a letter is a date, as HTTP writes it; `Date.parse` takes much else for one too.
  const atMs = /^[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}
