import { expect, test } from 'vitest';
import { createRepetitionFilter } from './repetition.ts';

test('a line that repeats is written once a minute, and tells how many were left out', () => {
  let now = 0;
  const filter = createRepetitionFilter(() => now);
  expect(filter('store-failed', { error: 'full', failures: 1 })).toBe(0);
  expect(filter('store-failed', { error: 'full', failures: 2 })).toBeUndefined();
  now = 59_999;
  expect(filter('store-failed', { error: 'full', failures: 3 })).toBeUndefined();
  now = 60_000;
  expect(filter('store-failed', { error: 'full', failures: 4 })).toBe(2);
  expect(filter('store-failed', { error: 'full', failures: 5 })).toBeUndefined();
});

test('lines with other texts are other lines', () => {
  const filter = createRepetitionFilter(() => 0);
  expect(filter('worker-restarting', { worker: 'store' })).toBe(0);
  expect(filter('worker-restarting', { worker: 'learning' })).toBe(0);
  expect(filter('store-failed', { worker: 'store' })).toBe(0);
});

test('an event whose lines all differ cannot flood either', () => {
  let now = 0;
  const filter = createRepetitionFilter(() => now);
  const write = (count: number): number =>
    Array.from({ length: count }, () => filter('failed', { id: String(now++) })).filter(
      (answer) => answer !== undefined,
    ).length;
  expect(write(10_000)).toBe(21);
  now = 70_000;
  expect(write(10_000)).toBe(21);
  // Other events are not concerned.
  expect(filter('another', {})).toBe(0);
});
