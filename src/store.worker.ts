import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { banditFold } from './bandit/fold.ts';
import { listenForChanges } from './composition/listen-for-changes.ts';
import { createReplaceableStore } from './composition/replaceable-store.ts';
import { createDamageReporter } from './composition/report-damage.ts';
import type { FromStoreThread, StoreThreadData, ToStoreThread } from './composition/thread-messages.ts';
import { startHeartbeat } from './runtime/heartbeat.ts';
import { createLogger } from './runtime/logger.ts';
import { startLoop } from './runtime/loop.ts';
import { followClock } from './runtime/steady-clock.ts';
import { createSystemRandom } from './runtime/system-random.ts';
import type { DatabaseFile } from './store/kysely/database-file.ts';
import { openDatabase } from './store/kysely/open-database.ts';
import { nameOfDatabase } from './store/database-location.ts';
import { deletedPerSweepMax } from './store/ledger/limits.ts';
import { serveStore } from './store/threaded/serve-store.ts';

/** Longest pause between sweeps that fail, milliseconds. */
const sweepMsMax = 300_000;

/** Sweeps in a row while more decisions are past retention than one deletes, and the pause between, milliseconds. */
const sweepRoundsMax = 50;
const roundPauseMs = 500;

/** Pause between two looks at the database's file, and the longest one while it cannot be put in order, milliseconds. */
const lookMs = 500;
const lookMsMax = 5000;

/** What an operator is told of a file that is not where it was. */
const actions = {
  gone: 'it is written anew with everything that was recorded; to begin anew, stop the server first',
  replaced: 'the new one is opened',
  'journal-gone': 'what was only in it is brought into the database, which is opened anew',
} as const;

/**
 * The thread that owns the database: in this process it alone writes, it sweeps, and it sees to it that a file it writes
 * to is the one that will be found at the next start. If the database cannot be opened, or has to be opened anew, it dies and is
 * started again.
 */
const data: StoreThreadData = workerData;
const mainThread = parentPort;
if (mainThread === null) throw new Error('store.worker runs as a thread of the server');

const logger = createLogger(data.logLevel);
const clock = followClock(data.clockOffset);
const name = nameOfDatabase(data.database);
const { store, file, listen } = await openDatabase(data.database, {
  fold: banditFold,
  clock,
  random: createSystemRandom(),
  mode: 'writer',
  retentionMs: data.retentionMs,
  onDamage: createDamageReporter(logger),
});
const served = createReplaceableStore();
served.use(store);
const report = (message: FromStoreThread): void => mainThread.postMessage(message, []);
const sweep = async (signal: AbortSignal): Promise<void> => {
  for (let round = 0; round < sweepRoundsMax && !signal.aborted; round += 1) {
    const swept = await served.store.sweep(clock.now());
    report({ kind: 'swept', report: swept });
    if (swept.decisionsDeleted < deletedPerSweepMax) return;
    await delay(roundPauseMs, undefined, { signal }).catch(() => {});
  }
};
const sweeping = startLoop(sweep, {
  name: 'sweep',
  intervalMs: data.sweepMs,
  backoffMsMax: sweepMsMax,
  logger,
});
const guarding =
  file === null
    ? null
    : startLoop(async () => keepInPlace(file), {
        name: 'database-file',
        intervalMs: lookMs,
        backoffMsMax: lookMsMax,
        logger,
      });
const listening =
  listen === null
    ? null
    : listenForChanges(listen, {
        onChange: () => report({ kind: 'changed' }),
        onListening: (isOn) => report({ kind: 'listening', isOn }),
        logger,
      });

mainThread.on('message', (message: ToStoreThread) => {
  switch (message.kind) {
    case 'connect':
      return serveStore(served.store, message.port);
    case 'stop':
      return void stop();
  }
});
report({ kind: 'opened' });
startHeartbeat(() => report({ kind: 'alive' }));

async function keepInPlace(watched: DatabaseFile): Promise<void> {
  const fate = watched.fate();
  if (fate === 'in-place') return;
  // From here on nothing is taken that might not be found again.
  served.lose();
  logger.error('database-file-lost', { fate, database: name, action: actions[fate] });
  await watched.settle();
  process.exit(1);
}

async function stop(): Promise<void> {
  // An attempt to reach a server that hangs is not waited for.
  void listening?.stop();
  await Promise.all([sweeping.stop(), guarding?.stop()]);
  try {
    await (file === null ? store.close() : file.settle());
  } catch (error) {
    const reason = error instanceof Error ? error.message : typeof error;
    logger.error('database-not-closed', { database: name, error: reason });
  }
  process.exit(0);
}
