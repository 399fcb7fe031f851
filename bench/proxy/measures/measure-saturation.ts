import { setTimeout as delay } from 'node:timers/promises';
import type { Contender } from '../contenders/contender.ts';
import type { ClosedLoopResult } from '../load/closed-loop.ts';
import { readUsage } from './process-usage.ts';

/** One contender under one load. */
export interface Saturation {
  readonly requests: number;
  readonly errors: number;
  /**
   * Requests per second, counted until the work that they left behind was done too: what is put off is not free.
   */
  readonly perSecond: number;
  /** User and system time of the whole process, microseconds per request; NaN where there is no process or request. */
  readonly cpuMicros: number;
  /** The main thread's part. */
  readonly mainMicros: number;
}

/** A process that uses less than this share of a core has done its work. */
const idleShare = 0.1;
const lookMs = 100;
const settleMsMax = 15_000;

/** Has a contender loaded, and waits until it is idle again. */
export async function measureSaturation(
  { pid }: Pick<Contender, 'pid'>,
  load: () => Promise<ClosedLoopResult>,
): Promise<Saturation> {
  const before = pid === undefined ? undefined : readUsage(pid);
  const { requests, errors, seconds } = await load();
  const settledMs = pid === undefined ? 0 : await settle(pid);
  const after = pid === undefined ? undefined : readUsage(pid);
  return {
    requests,
    errors,
    perSecond: requests / (seconds + settledMs / 1000),
    // What was used up without an answer belongs to no request.
    cpuMicros:
      requests === 0
        ? Number.NaN
        : ((after?.cpuMicros ?? Number.NaN) - (before?.cpuMicros ?? Number.NaN)) / requests,
    mainMicros:
      requests === 0
        ? Number.NaN
        : ((after?.mainMicros ?? Number.NaN) - (before?.mainMicros ?? Number.NaN)) / requests,
  };
}

/** Waits until a process is idle; resolves to how long it was not, milliseconds. */
export async function settle(pid: number): Promise<number> {
  const startedAt = performance.now();
  let used = readUsage(pid).cpuMicros;
  while (performance.now() - startedAt < settleMsMax) {
    const lookedAt = performance.now();
    await delay(lookMs);
    const now = readUsage(pid).cpuMicros;
    if ((now - used) / 1000 < idleShare * lookMs) return lookedAt - startedAt;
    used = now;
  }
  return settleMsMax;
}
