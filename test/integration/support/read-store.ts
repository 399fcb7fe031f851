import { banditFold } from '../../../src/bandit/fold.ts';
import { systemClock } from '../../../src/runtime/system-clock.ts';
import { createSystemRandom } from '../../../src/runtime/system-random.ts';
import { openSqliteStore } from '../../../src/store/kysely/sqlite-store.ts';
import type { Store } from '../../../src/store/store.ts';

/** Looks into the database of a server, beside it or after it has ended. */
export async function readStore<T>(path: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openSqliteStore({
    path,
    fold: banditFold,
    clock: systemClock,
    random: createSystemRandom(),
    mode: 'reader',
  });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
