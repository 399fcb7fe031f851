import { sql, type Kysely } from 'kysely';
import { Migrator, type Migration } from 'kysely/migration';
import { up as firstTables } from '../../../migrations/0001-first-tables.ts';
import { up as drawnEpisodes } from '../../../migrations/0002-drawn-episodes.ts';
import { up as inputsOfTraces } from '../../../migrations/0003-inputs-of-traces.ts';
import { up as leases } from '../../../migrations/0004-leases.ts';
import { up as control } from '../../../migrations/0005-control.ts';
import { RatchetError } from '../../domain/ratchet-error.ts';
import type { Schema } from './schema.ts';

/** Every migration in its order. Append only: what has been released never changes. */
const migrations: Readonly<Record<string, Migration>> = {
  '0001-first-tables': { up: firstTables },
  '0002-drawn-episodes': { up: drawnEpisodes },
  '0003-inputs-of-traces': { up: inputsOfTraces },
  '0004-leases': { up: leases },
  '0005-control': { up: control },
};

/** `later`: names of migrations that a newer version has made, which are nothing to this one. */
function migratorOf(db: Kysely<Schema>, later: readonly string[] = []): Migrator {
  const made = Object.fromEntries(later.map((name): [string, Migration] => [name, { up: async () => {} }]));
  return new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations, ...made }) } });
}

/**
 * Brings a database up to this version. One that a newer version has migrated is left as it is: while versions are
 * exchanged an older process may start too, and what the newer one adds does not concern it. Throws `store_unavailable`
 * where that fails; then nothing has changed.
 */
export async function migrate(db: Kysely<Schema>): Promise<void> {
  const { error } = await migratorOf(db, await laterMigrations(db)).migrateToLatest();
  if (error === undefined) return;
  if (error instanceof RatchetError) throw error;
  throw new RatchetError('store_unavailable', 'the database could not be migrated', {
    isRetryable: false,
    cause: error,
  });
}

async function laterMigrations(db: Kysely<Schema>): Promise<readonly string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === 'kysely_migration')) return [];
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db);
  const newest = Object.keys(migrations).toSorted().at(-1) ?? '';
  return rows.map(({ name }) => name).filter((name) => migrations[name] === undefined && name > newest);
}

/** Throws `store_unavailable` (retryable) unless every migration has been made, which is a writer's work. */
export async function assertMigrated(db: Kysely<Schema>): Promise<void> {
  const known = await migratorOf(db).getMigrations();
  if (known.some(({ executedAt }) => executedAt === undefined))
    throw new RatchetError('store_unavailable', 'the database has not been migrated yet', {
      isRetryable: true,
    });
}
