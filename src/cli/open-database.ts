import { existsSync } from 'node:fs';
import { banditFold } from '../bandit/fold.ts';
import { RatchetError } from '../domain/ratchet-error.ts';
import { systemClock } from '../runtime/system-clock.ts';
import { createSystemRandom } from '../runtime/system-random.ts';
import { openSqliteStore } from '../store/kysely/sqlite-store.ts';
import type { Store } from '../store/store.ts';
import type { CliContext } from './cli-command.ts';
import { configOf, type ServerOptions } from './server-options.ts';

/**
 * Works on the database of a configuration, beside a server that may have it open, and closes it. Rejects with
 * `store_unavailable` where there is none: looking at one must not make it.
 */
export async function withDatabase<Result>(
  { options, context }: { readonly options: ServerOptions; readonly context: CliContext },
  mode: 'reader' | 'writer',
  work: (store: Store) => Promise<Result>,
): Promise<Result> {
  const { databasePath, retentionMs } = configOf(options, context);
  if (!existsSync(databasePath))
    throw new RatchetError('store_unavailable', `there is no database at ${databasePath}`);
  const store = await openSqliteStore({
    path: databasePath,
    fold: banditFold,
    clock: systemClock,
    random: createSystemRandom(),
    mode,
    retentionMs,
  });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
