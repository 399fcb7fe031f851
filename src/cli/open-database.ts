import { existsSync } from 'node:fs';
import { banditFold } from '../bandit/fold.ts';
import { RatchetError } from '../domain/ratchet-error.ts';
import { systemClock } from '../runtime/system-clock.ts';
import { createSystemRandom } from '../runtime/system-random.ts';
import { openDatabase } from '../store/kysely/open-database.ts';
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
  const { database, retentionMs } = configOf(options, context);
  if (database.kind === 'sqlite' && !existsSync(database.path))
    throw new RatchetError('store_unavailable', `there is no database at ${database.path}`);
  const { store } = await openDatabase(database, {
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
