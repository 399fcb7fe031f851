import { existsSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { banditFold } from '../../../src/bandit/fold.ts';
import type { StoreThreadData, ToStoreThread } from '../../../src/composition/thread-messages.ts';
import { createSystemRandom } from '../../../src/runtime/system-random.ts';
import { systemClock } from '../../../src/runtime/system-clock.ts';
import { openSqliteStore } from '../../../src/store/kysely/sqlite-store.ts';
import { serveStore } from '../../../src/store/threaded/serve-store.ts';

/** A store thread that dies when a file called `<database>.die` appears. */
const { databasePath }: StoreThreadData = workerData;
const store = await openSqliteStore({
  path: databasePath,
  fold: banditFold,
  clock: systemClock,
  random: createSystemRandom(),
  mode: 'writer',
});
parentPort?.on('message', (message: ToStoreThread) => {
  if (message.kind === 'connect') serveStore(store, message.port);
  else process.exit(0);
});
parentPort?.postMessage({ kind: 'opened' }, []);
setInterval(() => {
  if (existsSync(`${databasePath}.die`)) throw new Error('the file said so');
}, 5);
