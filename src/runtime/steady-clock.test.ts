import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Worker } from 'node:worker_threads';
import { silentLogger } from '../domain/logger.ts';
import { startProcessClock, startSteadyClock } from './steady-clock.ts';

const hourMs = 3_600_000;
const startMs = Date.UTC(2030, 0, 1);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A clock whose wall clock can be put wrong. */
function start() {
  let elapsedMs = 0;
  let wrongByMs = 0;
  const events: string[] = [];
  const clock = startSteadyClock({
    wall: { now: () => startMs + elapsedMs + wrongByMs },
    monotonicMs: () => elapsedMs + 123,
    logger: { ...silentLogger, warn: (event) => void events.push(event) },
  });
  return {
    clock,
    events,
    putWrong: (byMs: number) => {
      wrongByMs = byMs;
    },
    pass: async (durationMs: number) => {
      for (let passed = 0; passed < durationMs; passed += 1000) {
        elapsedMs += 1000;
        await vi.advanceTimersByTimeAsync(1000);
      }
    },
  };
}

test.each([-100 * 365 * 24 * hourMs, -hourMs, -60_000, 60_000, hourMs, 100 * 365 * 24 * hourMs])(
  'a wall clock that is %i ms off for a while moves nothing',
  async (byMs) => {
    const { clock, putWrong, pass, events } = start();
    await pass(10_000);
    putWrong(byMs);
    await pass(60_000);
    expect(clock.now()).toBe(startMs + 70_000);
    putWrong(0);
    await pass(30_000);
    expect(clock.now()).toBe(startMs + 100_000);
    expect(events).toEqual(['clock-jumped']);
  },
);

test.each([-hourMs, hourMs])('a jump of %i ms that stays is believed after five minutes', async (byMs) => {
  const { clock, putWrong, pass, events } = start();
  putWrong(byMs);
  await pass(300_000);
  expect(clock.now()).toBe(startMs + 300_000);
  await pass(2000);
  expect(clock.now()).toBe(startMs + 302_000 + byMs);
  expect(events).toEqual(['clock-jumped', 'clock-changed']);
});

test('a clock that jumps about is not believed', async () => {
  const { clock, putWrong, pass } = start();
  for (let minute = 1; minute <= 20; minute++) {
    putWrong(minute * hourMs);
    await pass(60_000);
  }
  expect(clock.now()).toBe(startMs + 20 * 60_000);
});

test('small corrections are followed', async () => {
  const { clock, putWrong, pass, events } = start();
  for (let correction = 1; correction <= 10; correction++) {
    putWrong(correction * 300);
    await pass(1000);
  }
  expect(clock.now()).toBe(startMs + 13_000);
  expect(events).toEqual([]);
});

test('another thread of the process tells the same time', async () => {
  vi.useRealTimers();
  const clock = startProcessClock(silentLogger);
  const worker = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
     import(workerData.module).then(({ followClock }) => {
       const clock = followClock(workerData.offset);
       parentPort.on('message', () => parentPort.postMessage(clock.now()));
     });`,
    {
      eval: true,
      workerData: { offset: clock.offset, module: new URL('./steady-clock.ts', import.meta.url).href },
    },
  );
  const before = clock.now();
  worker.postMessage('tell', []);
  const told = await new Promise<number>((resolve) => worker.once('message', resolve));
  expect(told).toBeGreaterThanOrEqual(before);
  expect(told).toBeLessThanOrEqual(clock.now());
  expect(Math.abs(clock.now() - Date.now())).toBeLessThan(100);
  clock.stop();
  await worker.terminate();
});
