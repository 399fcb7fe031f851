import { parentPort, workerData } from 'node:worker_threads';
import { banditFold } from './bandit/fold.ts';
import type { FromStoreThread, StoreThreadData, ToStoreThread } from './composition/thread-messages.ts';
import { createLogger } from './runtime/logger.ts';
import { startLoop } from './runtime/loop.ts';
import { systemClock } from './runtime/system-clock.ts';
import { createSystemRandom } from './runtime/system-random.ts';
import { openSqliteStore } from './store/kysely/sqlite-store.ts';
import { serveStore } from './store/threaded/serve-store.ts';

/** Longest pause between sweeps that fail, milliseconds. */
const sweepMsMax = 300_000;

/** The thread that owns the database: it alone writes, and it sweeps. If the database cannot be opened it dies. */
const data: StoreThreadData = workerData;
const mainThread = parentPort;
if (mainThread === null) throw new Error('store.worker runs as a thread of the server');

const store = await openSqliteStore({
  path: data.databasePath,
  fold: banditFold,
  clock: systemClock,
  random: createSystemRandom(),
  mode: 'writer',
  retentionMs: data.retentionMs,
});
const report = (message: FromStoreThread): void => mainThread.postMessage(message, []);
const sweep = async (): Promise<void> =>
  report({ kind: 'swept', report: await store.sweep(systemClock.now()) });
const sweeping = startLoop(sweep, {
  name: 'sweep',
  intervalMs: data.sweepMs,
  backoffMsMax: sweepMsMax,
  logger: createLogger(data.logLevel),
});

mainThread.on('message', (message: ToStoreThread) => {
  switch (message.kind) {
    case 'connect':
      return serveStore(store, message.port);
    case 'stop':
      return void stop();
  }
});
report({ kind: 'opened' });

async function stop(): Promise<void> {
  await sweeping.stop();
  await store.close();
  process.exit(0);
}
