import { Worker } from 'node:worker_threads';
import type { Logger } from '../domain/logger.ts';
import { superviseWorker, type SupervisedWorker } from '../runtime/supervised-worker.ts';
import { receiveTelemetry } from '../telemetry/relayed.ts';
import type { LiveBuffer } from '../store/live/live-buffer.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { StoreThread } from './store-thread.ts';
import type { FromLearningThread, LearningThreadData, ToLearningThread } from './thread-messages.ts';

/** Pause before the first restart and the longest one, milliseconds: nobody waits for learning. */
const restartMs = 1000;
const restartMsMax = 60_000;

/** A thread that says nothing for this long hangs, milliseconds; it may compute for long. */
const silentMsMax = 120_000;

/** What the thread may allocate: beyond, it alone dies. */
const heapMbMax = 1024;

/** What the learning thread is connected to. */
export interface LearningThreadLinks {
  readonly store: StoreThread;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
  /** Where requests that have just been served wait for it. */
  readonly live: Pick<LiveBuffer, 'take'>;
}

/** A learning thread that can be told things. */
export interface LearningThread extends SupervisedWorker {
  readonly tell: (message: Extract<ToLearningThread, { readonly kind: 'rate-limit' }>) => void;
}

/** Starts learner and gate on a thread of their own, writing through the store thread and reporting through this one. */
export function startLearningThread(
  entry: URL,
  data: LearningThreadData,
  { store, telemetry, logger, live }: LearningThreadLinks,
): LearningThread {
  let current: Worker | undefined;
  let receiver = receiveTelemetry(telemetry);
  const connect = (): void => {
    const port = current === undefined ? undefined : store.openPort();
    if (port !== undefined)
      current?.postMessage({ kind: 'connect', port } satisfies ToLearningThread, [port]);
  };
  store.onOpened(connect);
  store.onClosed(() => current?.postMessage({ kind: 'disconnect' } satisfies ToLearningThread, []));
  const post = (message: ToLearningThread): void => current?.postMessage(message, []);
  const supervised = superviseWorker({
    name: 'learning',
    open: () =>
      new Worker(entry, {
        name: 'learning',
        workerData: data,
        resourceLimits: { maxOldGenerationSizeMb: heapMbMax },
      }),
    onStart: (worker) => {
      current = worker;
      receiver = receiveTelemetry(telemetry);
      worker.on('message', (message: FromLearningThread) => {
        if (message.kind === 'telemetry') receiver.receive(message.message);
        else if (message.kind === 'take-live') {
          const decisions = live.take(message.taskIds);
          if (decisions.length > 0) post({ kind: 'live', decisions });
        }
      });
      connect();
    },
    onExit: () => {
      current = undefined;
      receiver.abandon();
    },
    requestStop: (worker) => worker.postMessage({ kind: 'stop' } satisfies ToLearningThread, []),
    restartMs,
    restartMsMax,
    silentMsMax,
    logger,
  });
  return { ...supervised, tell: post };
}
