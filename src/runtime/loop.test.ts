import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Logger } from '../domain/logger.ts';
import { silentLogger } from '../domain/logger.ts';
import { pauseMs, startLoop } from './loop.ts';

const settings = { name: 'sweep', intervalMs: 100, backoffMsMax: 1000, logger: silentLogger };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a step runs at once, and again an interval after it returned', async () => {
  const step = vi.fn(async () => {});
  const loop = startLoop(step, settings);
  expect(step).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(99);
  expect(step).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(step).toHaveBeenCalledTimes(2);
  await loop.stop();
});

test('steps never overlap, however long one takes', async () => {
  let running = 0;
  let overlaps = 0;
  const loop = startLoop(async () => {
    running += 1;
    if (running > 1) overlaps += 1;
    await new Promise((resolve) => setTimeout(resolve, 350));
    running -= 1;
  }, settings);
  for (let index = 0; index < 20; index++) {
    loop.wake();
    await vi.advanceTimersByTimeAsync(100);
  }
  const stopped = loop.stop();
  await vi.advanceTimersByTimeAsync(350);
  await stopped;
  expect(overlaps).toBe(0);
});

test('failures in a row lengthen the pause up to its bound, a success resets it', async () => {
  const warnings: unknown[] = [];
  const log = (event: string, fields: unknown): void => void warnings.push([event, fields]);
  const logger: Logger = { ...silentLogger, warn: log, info: log };
  let calls = 0;
  const loop = startLoop(
    async () => {
      calls += 1;
      if (calls <= 2) throw new Error('disk full');
    },
    { ...settings, logger },
  );
  await vi.advanceTimersByTimeAsync(199);
  expect(calls).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(calls).toBe(2);
  await vi.advanceTimersByTimeAsync(400);
  expect(calls).toBe(3);
  await vi.advanceTimersByTimeAsync(100);
  expect(calls).toBe(4);
  expect(warnings).toEqual([
    ['sweep-failed', { failures: 1, error: 'disk full' }],
    ['sweep-failed', { failures: 2, error: 'disk full' }],
    ['sweep-recovered', { failures: 2 }],
  ]);
  await loop.stop();
});

test.each([
  [0, 100],
  [1, 200],
  [3, 800],
  [4, 1000],
  [2000, 1000],
])('after %i failures the pause is %i ms', (failures, expected) => {
  expect(pauseMs(settings, failures)).toBe(expected);
});

test('wake ends a pause early', async () => {
  const step = vi.fn(async () => {});
  const loop = startLoop(step, settings);
  await vi.advanceTimersByTimeAsync(10);
  loop.wake();
  await vi.advanceTimersByTimeAsync(0);
  expect(step).toHaveBeenCalledTimes(2);
  await loop.stop();
});

test('stop ends a pause at once, aborts the step under way and waits for it', async () => {
  const step = vi.fn(async () => {});
  await startLoop(step, settings).stop();
  expect(step).toHaveBeenCalledTimes(1);
  expect(vi.getTimerCount()).toBe(0);

  let isDone = false;
  const loop = startLoop(async (signal) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    isDone = true;
    throw new Error('aborted');
  }, settings);
  await loop.stop();
  expect(isDone).toBe(true);
});

test('what could not be read is not quoted in the log', async () => {
  const warnings: unknown[] = [];
  const logger: Logger = { ...silentLogger, warn: (_, fields) => void warnings.push(fields) };
  const loop = startLoop(async () => JSON.parse('You are a secret prompt.'), { ...settings, logger });
  await vi.advanceTimersByTimeAsync(0);
  expect(warnings).toEqual([{ failures: 1, error: 'SyntaxError' }]);
  await loop.stop();
});
