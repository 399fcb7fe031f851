import type { Decision } from '../../domain/decision.ts';
import { RatchetError } from '../../domain/ratchet-error.ts';
import type { DecisionLog } from '../decision-log.ts';
import type { DecisionStore } from '../decision-store.ts';
import { createRing } from './ring.ts';

export interface DecisionLogSettings {
  /** Decisions that may wait; beyond, the oldest is dropped. */
  readonly capacity: number;
  /** Decisions that are written at a time. */
  readonly batchMax: number;
  /** How long a decision waits for others to be written with, milliseconds. */
  readonly intervalMs: number;
  /**
   * Told how many decisions were dropped and why: `full` while the store is too slow or gone, `refused` where the
   * store will never take them.
   */
  readonly onDrop: (count: number, reason: 'full' | 'refused') => void;
  /** Longest pause between attempts while the store is gone, milliseconds; default 5,000. */
  readonly backoffMsMax?: number;
  /** How long `flush` waits at most, milliseconds; default 5,000. */
  readonly flushMsMax?: number;
}

/** A decision log that can be ended. */
export interface StoppableDecisionLog extends DecisionLog {
  /** Flushes, then writes no more. */
  readonly stop: () => Promise<void>;
}

/**
 * Writes decisions behind the request: `append` costs a place in a ring, and batches go to the store by and by. A
 * batch that fails for now is kept and tried again, with pauses that double, while the ring goes on taking decisions;
 * a batch that the store refuses is written one by one, so that only what is at fault is lost. `flush` resolves also
 * when its time is up; `depth` then says how many were left.
 */
export function createDecisionLog(
  store: Pick<DecisionStore, 'recordDecisions'>,
  settings: DecisionLogSettings,
): StoppableDecisionLog {
  const { capacity, batchMax, intervalMs, onDrop, backoffMsMax = 5000, flushMsMax = 5000 } = settings;
  const ring = createRing<Decision>(capacity);
  let batch: readonly Decision[] = [];
  let appended = 0;
  let dropped = 0;
  let failures = 0;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;

  const drop = (count: number, reason: 'full' | 'refused'): void => {
    dropped += count;
    onDrop(count, reason);
  };
  const schedule = (pauseMs: number): void => {
    if (timer !== undefined || isStopped) return;
    timer = setTimeout(() => {
      timer = undefined;
      void write();
    }, pauseMs);
    timer.unref();
  };
  const writeAll = async (): Promise<void> => {
    let due = ring.size();
    while (batch.length > 0 || due > 0 || ring.size() >= batchMax) {
      if (batch.length === 0) {
        batch = ring.take(batchMax);
        due -= batch.length;
      }
      const outcome = await tryWrite(store, batch);
      if (outcome === 'later') {
        failures += 1;
        return;
      }
      failures = 0;
      if (outcome === 'refused') await writeSingly();
      else batch = [];
    }
  };
  const writeSingly = async (): Promise<void> => {
    for (const decision of batch) {
      const outcome = await tryWrite(store, [decision]);
      if (outcome === 'later') return;
      batch = batch.slice(1);
      if (outcome === 'refused') drop(1, 'refused');
    }
  };
  const write = async (): Promise<void> => {
    writing ??= writeAll().finally(() => {
      writing = undefined;
      if (depth() > 0) schedule(Math.min(backoffMsMax, intervalMs * 2 ** failures));
    });
    return writing;
  };
  const depth = (): number => ring.size() + batch.length;

  const flush = async (): Promise<void> => {
    const { promise: deadline, resolve } = Promise.withResolvers<'late'>();
    const limit = setTimeout(() => resolve('late'), flushMsMax);
    const queued = appended;
    const isSettled = (): boolean => appended - depth() >= queued;
    // A store that fails for now is asked again after a pause, until the time is up.
    while (!isSettled()) {
      if ((await Promise.race([write(), deadline])) === 'late') break;
      if (!isSettled() && (await Promise.race([pause(intervalMs), deadline])) === 'late') break;
    }
    clearTimeout(limit);
  };

  return {
    append: (decision) => {
      appended += 1;
      if (ring.push(decision)) drop(1, 'full');
      // A write under way, or one that waits to be tried again, will see this decision too.
      if (writing !== undefined || failures > 0 || isStopped) return;
      if (ring.size() >= batchMax) void write();
      else schedule(intervalMs);
    },
    flush,
    dropped: () => dropped,
    depth,
    stop: async () => {
      await flush();
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

async function tryWrite(
  store: Pick<DecisionStore, 'recordDecisions'>,
  batch: readonly Decision[],
): Promise<'stored' | 'later' | 'refused'> {
  try {
    await store.recordDecisions(batch);
    return 'stored';
  } catch (error) {
    return error instanceof RatchetError && error.isRetryable ? 'later' : 'refused';
  }
}

async function pause(durationMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve, durationMs);
  return promise;
}
