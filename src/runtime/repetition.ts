import type { LogFields } from '../domain/logger.ts';

/** How long a line that has been written is not written again, milliseconds. */
const quietMs = 60_000;

/** Different lines of one event within that time; beyond, all of the event count as one. */
const linesPerEventMax = 20;

/** Lines that are remembered; beyond, the oldest is forgotten. */
const linesMax = 1000;

/**
 * Whether a line should be written now: `undefined` if not, else how many like it were left out since the last one. Lines
 * are alike when event and texts are; numbers, such as how often something was tried, do not make them different.
 */
export type RepetitionFilter = (event: string, fields: LogFields) => number | undefined;

interface Line {
  readonly writtenAt: number;
  leftOut: number;
}

/** A fault that hits every request, or a part that fails again and again, then takes a line a minute. */
export function createRepetitionFilter(stopwatch: () => number = () => performance.now()): RepetitionFilter {
  const lines = new Map<string, Line>();
  const ask = (key: string, now: number): number | undefined => {
    const line = lines.get(key);
    if (line !== undefined && now - line.writtenAt < quietMs) {
      line.leftOut += 1;
      return undefined;
    }
    lines.delete(key);
    lines.set(key, { writtenAt: now, leftOut: 0 });
    const [oldest] = lines.keys();
    if (lines.size > linesMax && oldest !== undefined) lines.delete(oldest);
    return line?.leftOut ?? 0;
  };
  const variety = new Map<string, { readonly since: number; count: number }>();
  const isMotley = (event: string, now: number): boolean => {
    const known = variety.get(event);
    return known !== undefined && now - known.since < quietMs && known.count >= linesPerEventMax;
  };
  const note = (event: string, now: number): void => {
    const known = variety.get(event);
    if (known === undefined || now - known.since >= quietMs) variety.set(event, { since: now, count: 1 });
    else known.count += 1;
  };
  return (event, fields) => {
    const now = stopwatch();
    const key = `${event} ${textsOf(fields)}`;
    if (!lines.has(key) && isMotley(event, now)) return ask(event, now);
    const leftOut = ask(key, now);
    if (leftOut !== undefined) note(event, now);
    return leftOut;
  };
}

function textsOf(fields: LogFields): string {
  return JSON.stringify(Object.entries(fields).filter(([, value]) => typeof value === 'string'));
}
