import { expect, test } from 'vitest';
import { retryDelayMs, retryHintMs } from './retry-delay.ts';

test.each<[failures: number, hintMs: number | null, min: number, max: number]>([
  [1, null, 250, 500],
  [2, null, 500, 1_000],
  [5, null, 4_000, 8_000],
  [7, null, 15_000, 30_000],
  [2_000, null, 15_000, 30_000],
  [1, 7_000, 7_000, 7_000],
  [7, 1_000, 15_000, 30_000],
  [1, 86_400_000, 60_000, 60_000],
])('after %i failures and a hint of %s ms the wait is between %i and %i ms', (failures, hintMs, min, max) => {
  const waits = [0, 0.25, 0.5, 0.999_999].map((random) => retryDelayMs(failures, hintMs, random));
  expect(Math.max(...waits)).toBe(max);
  expect(Math.min(...waits)).toBeCloseTo(min, -1);
});

test.each<[string | null, number | null]>([
  [null, null],
  ['', null],
  ['3', 3_000],
  [' 0 ', 0],
  ['1.5', 1_500],
  ['-1', null],
  ['soon', null],
  ['Sun, 01 Mar 2026 12:00:20 GMT', 20_000],
  ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
])('retry-after %j asks for %s ms', (header, expected) => {
  expect(retryHintMs(header, Date.parse('2026-03-01T12:00:00Z'))).toBe(expected);
});
