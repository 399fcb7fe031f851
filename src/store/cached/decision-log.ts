import type { Decision } from '../../domain/decision.ts';
import type { DecisionLog } from '../decision-log.ts';
import type { DecisionStore } from '../decision-store.ts';
import { createBatchWriter } from './batch-writer.ts';
import { decisionBytes } from './decision-bytes.ts';
import { createRing } from './ring.ts';

/** What the decisions that wait may take together, and those of one batch; bytes. */
const waitingBytesMax = 128 * 1024 * 1024;
const batchBytesMax = 8 * 1024 * 1024;

/** Text of a decision that is recorded, bytes; a longer one is recorded without its text. */
const contentBytesMax = 4 * 1024 * 1024;

export interface DecisionLogSettings {
  /** Decisions that may wait; beyond, the oldest is dropped. */
  readonly capacity: number;
  /** What they may take together, bytes; default 128 MiB. */
  readonly bytesMax?: number;
  /** Decisions that are written at a time, 8 MiB of them at most. */
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
 * decision with more than 4 MiB of text is recorded without it. A batch that fails for now is kept and tried again, with
 * pauses that double, while the ring goes on taking decisions; a batch that the store refuses is written one by one, so
 * that only what is at fault is lost. `flush` resolves also when its time is up; `depth` then says how many were left.
 */
export function createDecisionLog(
  store: Pick<DecisionStore, 'recordDecisions'>,
  settings: DecisionLogSettings,
): StoppableDecisionLog {
  const { capacity, batchMax, intervalMs, onDrop, backoffMsMax = 5000, flushMsMax = 5000 } = settings;
  const { bytesMax = waitingBytesMax } = settings;
  const ring = createRing<Decision>({ count: capacity, weight: bytesMax });
  let appended = 0;
  let dropped = 0;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;

  const drop = (count: number, reason: 'full' | 'refused'): void => {
    dropped += count;
    onDrop(count, reason);
  };
  const writer = createBatchWriter(store, ring, { count: batchMax, weight: batchBytesMax }, () =>
    drop(1, 'refused'),
  );
  const depth = (): number => ring.size() + writer.held();
  const schedule = (pauseMs: number): void => {
    if (timer !== undefined || isStopped) return;
    timer = setTimeout(() => {
      timer = undefined;
      void write();
    }, pauseMs);
    timer.unref();
  };
  const write = async (): Promise<void> => {
    writing ??= writer.write().finally(() => {
      writing = undefined;
      if (depth() > 0) schedule(Math.min(backoffMsMax, intervalMs * 2 ** writer.failures()));
    });
    return writing;
  };
  const flush = async (): Promise<void> => {
    const deadline = pause(flushMsMax);
    const queued = appended;
    const isSettled = (): boolean => appended - depth() >= queued;
    // A store that fails for now is asked again after a pause, until the time is up.
    while (!isSettled() && !deadline.isOver()) {
      await Promise.race([write(), deadline.over]);
      if (!isSettled()) await Promise.race([pause(intervalMs).over, deadline.over]);
    }
    deadline.end();
  };

  return {
    append: (decision) => {
      appended += 1;
      const gone = ring.push(...weighed(decision));
      if (gone > 0) drop(gone, 'full');
      // A write under way, or one that waits to be tried again, will see this decision too.
      if (writing !== undefined || writer.failures() > 0 || isStopped) return;
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

/** A decision as it is recorded, and its weight. What is handed to another thread is copied, and traffic waits for it. */
function weighed(decision: Decision): readonly [Decision, number] {
  const bytes = decisionBytes(decision);
  if (bytes <= contentBytesMax) return [decision, bytes];
  const withoutText = { ...decision, content: null };
  return [withoutText, decisionBytes(withoutText)];
}

/** A pause that can be asked whether it is over, and ended before its time. */
function pause(durationMs: number): {
  readonly over: Promise<void>;
  readonly isOver: () => boolean;
  readonly end: () => void;
} {
  const { promise, resolve } = Promise.withResolvers<void>();
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
    resolve();
  }, durationMs);
  return { over: promise, isOver: () => isOver, end: () => clearTimeout(timer) };
}
