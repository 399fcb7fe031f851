import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { silentLogger } from '../domain/logger.ts';
import { exitOnSignals } from './shutdown.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function start(close: () => Promise<void>): {
  readonly exits: number[];
  readonly send: (signal: string) => void;
} {
  const exits: number[] = [];
  const handlers = new Map<string, () => void>();
  exitOnSignals(
    { on: (signal, handler) => handlers.set(signal, handler), exit: (code) => void exits.push(code) },
    close,
    { deadlineMs: 1000, logger: silentLogger },
  );
  return { exits, send: (signal) => handlers.get(signal)?.() };
}

test.each(['SIGTERM', 'SIGINT'])('%s closes, then exits with 0', async (signal) => {
  const close = vi.fn(async () => {});
  const { exits, send } = start(close);
  send(signal);
  await vi.advanceTimersByTimeAsync(0);
  expect([close.mock.calls.length, exits]).toEqual([1, [0]]);
  expect(vi.getTimerCount()).toBe(0);
});

test('a close that fails exits with 1', async () => {
  const { exits, send } = start(async () => {
    throw new Error('disk full');
  });
  send('SIGTERM');
  await vi.advanceTimersByTimeAsync(0);
  expect(exits).toEqual([1]);
});

test('a close that hangs exits with 1 at the deadline', async () => {
  const { exits, send } = start(() => new Promise(() => {}));
  send('SIGTERM');
  await vi.advanceTimersByTimeAsync(999);
  expect(exits).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(exits).toEqual([1]);
});

test.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
])('a second signal, %s, exits at once with %i', async (signal, code) => {
  const { exits, send } = start(() => new Promise(() => {}));
  send('SIGTERM');
  send(signal);
  expect(exits).toEqual([code]);
});
