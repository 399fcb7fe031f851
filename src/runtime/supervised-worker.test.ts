import { EventEmitter } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { silentLogger } from '../domain/logger.ts';
import { superviseWorker, type SupervisedWorker } from './supervised-worker.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A thread as far as supervision sees one. */
class FakeWorker extends EventEmitter {
  terminate(): void {
    this.emit('exit', 1);
  }
}

function start(onStop: (worker: EventEmitter) => void = () => {}): {
  readonly workers: FakeWorker[];
  readonly exits: () => number;
  readonly supervised: SupervisedWorker;
} {
  const workers: FakeWorker[] = [];
  let exits = 0;
  const supervised = superviseWorker({
    name: 'store',
    open: () => {
      const worker = new FakeWorker();
      workers.push(worker);
      return worker as unknown as Worker;
    },
    onStart: () => {},
    onExit: () => (exits += 1),
    requestStop: (worker) => onStop(worker),
    restartMs: 100,
    restartMsMax: 400,
    silentMsMax: 5000,
    logger: silentLogger,
  });
  return { workers, exits: () => exits, supervised };
}

test('a thread that dies is replaced, later and later, up to the longest pause', async () => {
  const { workers, exits } = start();
  for (const [index, pause] of [100, 200, 400, 400].entries()) {
    workers[index]?.emit('error', new Error('boom'));
    workers[index]?.emit('exit', 1);
    await vi.advanceTimersByTimeAsync(pause - 1);
    expect(workers).toHaveLength(index + 1);
    await vi.advanceTimersByTimeAsync(1);
    expect(workers).toHaveLength(index + 2);
  }
  expect(exits()).toBe(4);
});

test('a thread that lived for a minute starts over with a short pause', async () => {
  const { workers } = start();
  workers[0]?.emit('exit', 1);
  await vi.advanceTimersByTimeAsync(100);
  await vi.advanceTimersByTimeAsync(60_000);
  workers[1]?.emit('exit', 1);
  await vi.advanceTimersByTimeAsync(100);
  expect(workers).toHaveLength(3);
});

test('stop waits for the thread to exit and does not replace it', async () => {
  const { workers, supervised } = start((worker) => setTimeout(() => worker.emit('exit', 0), 50));
  const stopped = supervised.stop(1000);
  await vi.advanceTimersByTimeAsync(50);
  await stopped;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(workers).toHaveLength(1);
});

test('a thread that does not stop is ended at the deadline', async () => {
  const { workers, supervised } = start();
  const terminated = vi.spyOn(workers[0] ?? new FakeWorker(), 'terminate');
  const stopped = supervised.stop(1000);
  await vi.advanceTimersByTimeAsync(999);
  expect(terminated).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  await stopped;
  expect(terminated).toHaveBeenCalledOnce();
});

test('stop while no thread runs cancels the replacement', async () => {
  const { workers, supervised } = start();
  workers[0]?.emit('exit', 1);
  await supervised.stop(1000);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(workers).toHaveLength(1);
});

test('a thread that falls silent is ended and replaced', async () => {
  const { workers } = start();
  for (let beat = 0; beat < 20; beat++) {
    workers[0]?.emit('message', {});
    await vi.advanceTimersByTimeAsync(1000);
  }
  expect(workers).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(5200);
  expect(workers).toHaveLength(2);
});

test('a thread that has not given any sign of life yet may take its time', async () => {
  const { workers } = start();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(workers).toHaveLength(1);
});

test('a main thread that was busy, or a machine that slept, takes no thread for silent', async () => {
  const { workers } = start();
  workers[0]?.emit('message', {});
  await vi.advanceTimersByTimeAsync(1000);
  // Timers that were due while nothing ran run once, before the messages that came meanwhile.
  vi.setSystemTime(Date.now() + 3_600_000);
  await vi.advanceTimersByTimeAsync(1000);
  workers[0]?.emit('message', {});
  await vi.advanceTimersByTimeAsync(4000);
  expect(workers).toHaveLength(1);
});

test('a real thread that computes without end is ended and replaced', async () => {
  vi.useRealTimers();
  const started = { count: 0 };
  const second = Promise.withResolvers<void>();
  const supervised = superviseWorker({
    name: 'busy',
    open: () =>
      new Worker("require('node:worker_threads').parentPort.postMessage('alive'); for (;;);", { eval: true }),
    onStart: () => {
      started.count += 1;
      if (started.count === 2) second.resolve();
    },
    onExit: () => {},
    requestStop: () => {},
    restartMs: 10,
    restartMsMax: 10,
    silentMsMax: 1000,
    logger: silentLogger,
  });
  expect([supervised.isRunning(), supervised.deaths()]).toEqual([true, 0]);
  await second.promise;
  expect(supervised.deaths()).toBe(1);
  await supervised.stop(10);
  expect(supervised.isRunning()).toBe(false);
});
