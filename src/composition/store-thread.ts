import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import type { Logger } from '../domain/logger.ts';
import { superviseWorker } from '../runtime/supervised-worker.ts';
import type { SweepReport } from '../store/maintenance.ts';
import type { Store } from '../store/store.ts';
import { connectStore } from '../store/threaded/connect-store.ts';
import { createReplaceableStore } from './replaceable-store.ts';
import { createOutageReporter } from './report-outage.ts';
import type { FromStoreThread, StoreThreadData, ToStoreThread } from './thread-messages.ts';

/** The store on its own thread, kept alive. */
export interface StoreThread {
  /** Calls reject with `store_unavailable` while the thread is down. */
  readonly store: Store;
  /** Why writing has failed of late; `undefined` while it works. */
  readonly failure: () => string | undefined;
  /** A further way to the thread as it is now; `undefined` while it is down. */
  readonly openPort: () => MessagePort | undefined;
  /** Called each time the database has been opened, at the first start and after each restart. */
  readonly onOpened: (listener: () => void) => void;
  /** Called each time the thread has gone, wanted or not. */
  readonly onClosed: (listener: () => void) => void;
  /** Called with each change of the snapshot that the database tells of, and when it begins or ceases to tell. */
  readonly onNews: (listener: (news: StoreNews) => void) => void;
  readonly stop: (deadlineMs: number) => Promise<void>;
}

/** What the database tells of the snapshot. */
export type StoreNews = 'changed' | 'listening' | 'deaf';

/** Pause before the first restart and the longest one, milliseconds. */
const restartMs = 100;
const restartMsMax = 5000;

/** A thread that says nothing for this long hangs, milliseconds: no commit and no fsync of a disk that works takes it. */
const silentMsMax = 30_000;

/** What the thread may allocate: beyond, it alone dies. */
const heapMbMax = 512;

/** Starts the store thread from its entry file. */
export function startStoreThread(
  entry: URL,
  data: StoreThreadData,
  { logger, onSwept }: { readonly logger: Logger; readonly onSwept: (report: SweepReport) => void },
): StoreThread {
  const outage = createOutageReporter(logger);
  const { store, use, lose } = createReplaceableStore(outage.tell);
  const whenOpened: (() => void)[] = [];
  const whenClosed: (() => void)[] = [];
  const whenNews: ((news: StoreNews) => void)[] = [];
  const tellNews = (news: StoreNews): void => {
    for (const listener of whenNews) listener(news);
  };
  let opened: Worker | undefined;
  const supervised = superviseWorker({
    name: 'store',
    open: () =>
      new Worker(entry, {
        name: 'store',
        workerData: data,
        resourceLimits: { maxOldGenerationSizeMb: heapMbMax },
      }),
    onStart: (worker) =>
      worker.on('message', (message: FromStoreThread) => {
        switch (message.kind) {
          case 'alive':
            return;
          case 'swept':
            return onSwept(message.report);
          case 'changed':
            return tellNews('changed');
          case 'listening':
            return tellNews(message.isOn ? 'listening' : 'deaf');
          case 'opened':
            opened = worker;
            use(connectStore(openPort(worker)));
            for (const listener of whenOpened) listener();
        }
      }),
    onExit: () => {
      opened = undefined;
      lose();
      tellNews('deaf');
      for (const listener of whenClosed) listener();
    },
    requestStop: (worker) => worker.postMessage({ kind: 'stop' } satisfies ToStoreThread, []),
    restartMs,
    restartMsMax,
    silentMsMax,
    logger,
  });
  return {
    store,
    failure: outage.failure,
    openPort: () => (opened === undefined ? undefined : openPort(opened)),
    onOpened: (listener) => {
      whenOpened.push(listener);
      if (opened !== undefined) listener();
    },
    onClosed: (listener) => void whenClosed.push(listener),
    onNews: (listener) => void whenNews.push(listener),
    stop: supervised.stop,
  };
}

function openPort(worker: Worker): MessagePort {
  const { port1, port2 } = new MessageChannel();
  worker.postMessage({ kind: 'connect', port: port2 } satisfies ToStoreThread, [port2]);
  return port1;
}
