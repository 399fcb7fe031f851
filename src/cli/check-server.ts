import { banditFold } from '../bandit/fold.ts';
import { RatchetError } from '../domain/ratchet-error.ts';
import { systemClock } from '../runtime/system-clock.ts';
import { createSystemRandom } from '../runtime/system-random.ts';
import { nameOfDatabase, type DatabaseLocation } from '../store/database-location.ts';
import { openDatabase } from '../store/kysely/open-database.ts';
import { failure, ok, warning, type Finding } from './finding.ts';

/** Whether a database server can be reached and read, and how far it is away. Changes nothing there. */
export async function checkServer(location: DatabaseLocation): Promise<Finding> {
  const name = nameOfDatabase(location);
  try {
    const { store } = await openDatabase(location, {
      fold: banditFold,
      clock: systemClock,
      random: createSystemRandom(),
      mode: 'reader',
    });
    try {
      const askedAt = performance.now();
      const { tasks, unreadable = [] } = await store.readSnapshot(0);
      const tookMs = Math.ceil(performance.now() - askedAt);
      return unreadable.length === 0
        ? ok('database', `${name}, ${tasks.length} tasks read in ${tookMs} ms`)
        : failure('database', `${name}: tasks cannot be read: ${unreadable.join(', ')}`, 'restore a backup');
    } finally {
      await store.close();
    }
  } catch (error) {
    if (!(error instanceof RatchetError)) throw error;
    return /migrated/.test(error.message)
      ? warning('database', `${name} has no tables yet`, 'run ratchet migrate, or start the server')
      : failure(
          'database',
          `${name}: ${error.message}`,
          'check RATCHET_DATABASE, the server and its firewall',
        );
  }
}
