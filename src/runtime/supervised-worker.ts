import type { Worker } from 'node:worker_threads';
import type { Logger } from '../domain/logger.ts';
import { heartbeatMs } from './heartbeat.ts';
import { pauseMs } from './loop.ts';

/** A worker thread that is replaced when it dies, or hangs. */
export interface SupervisedWorker {
  /** Asks the thread to stop, waits for it up to the deadline, then ends it. Never rejects. */
  readonly stop: (deadlineMs: number) => Promise<void>;
  /** How often it died without having lived for a minute in between; 0: nothing is wrong. */
  readonly deaths: () => number;
  /** Whether there is a thread now. */
  readonly isRunning: () => boolean;
}

export interface SupervisedWorkerSettings {
  /** Names the thread in the log. */
  readonly name: string;
  /** Opens a thread. */
  readonly open: () => Worker;
  /** Called for each new thread, before it can have sent anything. */
  readonly onStart: (worker: Worker) => void;
  /** Called when a thread is gone, wanted or not. */
  readonly onExit: () => void;
  /** Asks a thread to finish what it does and exit. */
  readonly requestStop: (worker: Worker) => void;
  /** Pause before the first replacement, and the longest one, milliseconds; it doubles with each quick death. */
  readonly restartMs: number;
  readonly restartMsMax: number;
  /**
   * A thread that has sent something once and then nothing for this long hangs, and is ended, milliseconds. It must give
   * signs of life (`heartbeat.ts`) from when it no longer blocks for long. Default: it may be silent.
   */
  readonly silentMsMax?: number;
  readonly logger: Logger;
}

/** A thread that lived this long has recovered: its next death counts as the first, milliseconds. */
const healthyMs = 60_000;

/** Keeps one thread of a kind alive until it is told to stop. */
export function superviseWorker(settings: SupervisedWorkerSettings): SupervisedWorker {
  const { name, logger } = settings;
  let current: Worker | undefined;
  let restart: NodeJS.Timeout | undefined;
  let deaths = 0;
  let isStopping = false;

  const start = (): void => {
    const worker = settings.open();
    current = worker;
    const healthy = setTimeout(() => (deaths = 0), healthyMs);
    healthy.unref();
    const listening = endWhenSilent(worker, settings);
    worker.on('error', (error) =>
      logger.error('worker-failed', {
        worker: name,
        error: error instanceof Error ? error.message : String(error),
      }),
    );
    worker.once('exit', () => {
      clearTimeout(healthy);
      clearInterval(listening);
      current = undefined;
      settings.onExit();
      if (isStopping) return;
      const afterMs = pauseMs(
        { intervalMs: settings.restartMs, backoffMsMax: settings.restartMsMax },
        deaths,
      );
      deaths += 1;
      logger.warn('worker-restarting', { worker: name, deaths, afterMs });
      restart = setTimeout(start, afterMs);
    });
    settings.onStart(worker);
  };

  start();
  return {
    deaths: () => deaths,
    isRunning: () => current !== undefined,
    stop: async (deadlineMs) => {
      isStopping = true;
      clearTimeout(restart);
      const worker = current;
      if (worker === undefined) return;
      const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
      const timer = setTimeout(() => {
        logger.warn('worker-terminated', { worker: name, deadlineMs });
        void worker.terminate();
      }, deadlineMs);
      settings.requestStop(worker);
      await exited;
      clearTimeout(timer);
    },
  };
}

/**
 * Ends a thread that has fallen silent. Looks without any message in between are counted, not time: a machine that slept,
 * or a main thread that was busy, has missed no more than one.
 */
function endWhenSilent(
  worker: Worker,
  { name, logger, silentMsMax = Infinity }: SupervisedWorkerSettings,
): NodeJS.Timeout {
  let isHeard = false;
  let silentLooks = 0;
  worker.on('message', () => {
    isHeard = true;
    silentLooks = 0;
  });
  const looking = setInterval(() => {
    silentLooks += 1;
    if (!isHeard || silentLooks * heartbeatMs <= silentMsMax) return;
    clearInterval(looking);
    logger.error('worker-hung', { worker: name, silentMs: silentMsMax });
    void worker.terminate();
  }, heartbeatMs);
  return looking.unref();
}
