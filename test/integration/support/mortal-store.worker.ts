import { existsSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { banditFold } from '../../../src/bandit/fold.ts';
import type { StoreThreadData, ToStoreThread } from '../../../src/composition/thread-messages.ts';
import { createSystemRandom } from '../../../src/runtime/system-random.ts';
import { systemClock } from '../../../src/runtime/system-clock.ts';
import { nameOfDatabase } from '../../../src/store/database-location.ts';
import { openDatabase } from '../../../src/store/kysely/open-database.ts';
import { serveStore } from '../../../src/store/threaded/serve-store.ts';

/** A store thread that dies when a file called `<database>.die` appears. */
const { database }: StoreThreadData = workerData;
const { store } = await openDatabase(database, {
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
  if (existsSync(`${nameOfDatabase(database)}.die`)) throw new Error('the file said so');
}, 5);
