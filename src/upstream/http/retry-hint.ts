import { headerValue } from './hop-by-hop.ts';

/** What a response says of trying again. */
export interface RetryHint {
  /** Milliseconds after which to come again; `null`: it does not say. */
  readonly afterMs: number | null;
  /** Whether trying again is wanted; `null`: it does not say. */
  readonly isWanted: boolean | null;
}

/**
 * Reads `retry-after-ms`, `retry-after` (seconds or a date) and `x-should-retry` from flat response headers, as OpenAI's
 * clients do. What cannot be read counts as not said.
 */
export function readRetryHint(headers: readonly string[], nowMs: number): RetryHint {
  const should = headerValue(headers, 'x-should-retry')?.toLowerCase();
  return {
    afterMs: millisecondsOf(headers) ?? momentOf(headers, nowMs),
    isWanted: should === 'true' ? true : should === 'false' ? false : null,
  };
}

function millisecondsOf(headers: readonly string[]): number | null {
  const exact = numberOf(headerValue(headers, 'retry-after-ms'));
  if (exact !== null) return exact;
  const seconds = numberOf(headerValue(headers, 'retry-after'));
  return seconds === null ? null : seconds * 1000;
}

function numberOf(text: string | undefined): number | null {
  return text !== undefined && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : null;
}

/** A date that has passed means now. */
function momentOf(headers: readonly string[], nowMs: number): number | null {
  const text = headerValue(headers, 'retry-after') ?? '';
  // A date begins with a weekday; without it almost any number would be taken for one.
  const atMs = /^\s*[a-z]{3}/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}
