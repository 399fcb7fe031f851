import { expect, test } from 'vitest';
import { readRetryHint } from './retry-hint.ts';

const nowMs = Date.parse('2026-03-01T12:00:00Z');

test.each<[readonly string[], number | null]>([
  [[], null],
  [['Retry-After', '3'], 3_000],
  [['retry-after', '0'], 0],
  [['retry-after', '1.5'], 1_500],
  [['retry-after-ms', '250', 'retry-after', '3'], 250],
  [['retry-after-ms', 'soon', 'retry-after', '3'], 3_000],
  [['retry-after', 'Sun, 01 Mar 2026 12:00:20 GMT'], 20_000],
  [['retry-after', 'Sun, 01 Mar 2026 11:00:00 GMT'], 0],
  [['retry-after', 'later'], null],
  [['retry-after', '-3'], null],
  [['retry-after', ''], null],
])('%j asks to come again after %s ms', (headers, afterMs) => {
  expect(readRetryHint(headers, nowMs).afterMs).toBe(afterMs);
});

test.each<[readonly string[], boolean | null]>([
  [[], null],
  [['X-Should-Retry', 'true'], true],
  [['x-should-retry', 'False'], false],
  [['x-should-retry', 'perhaps'], null],
])('%j wants to be tried again: %s', (headers, isWanted) => {
  expect(readRetryHint(headers, nowMs).isWanted).toBe(isWanted);
});
