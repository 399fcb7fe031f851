import { parentPort, workerData } from 'node:worker_threads';

/**
 * Tells its parent that the next request is due, again and again. A thread of its own that sleeps on a lock wakes within
 * some ten microseconds, where timers of the event loop are late by up to a millisecond.
 */
export interface Pace {
  /** By `Date`'s clock: when the first request is due, milliseconds. */
  readonly startAtMs: number;
  readonly intervalMs: number;
  readonly count: number;
}

const { startAtMs, intervalMs, count }: Pace = workerData;
const lock = new Int32Array(new SharedArrayBuffer(4));
const port = parentPort;
for (let index = 0; index < count; index += 1) {
  const waitMs = startAtMs + index * intervalMs - (performance.timeOrigin + performance.now());
  if (waitMs > 0) Atomics.wait(lock, 0, 0, waitMs);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin.
  port?.postMessage(index);
}
