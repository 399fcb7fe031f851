import { Kysely } from 'kysely';
import type { DatabaseLocation } from '../database-location.ts';
import { assertMigrated, migrate } from './migrations.ts';
import { openPostgresTables } from './postgres-store.ts';
import type { Schema } from './schema.ts';
import { openSqliteDatabase } from './sqlite-database.ts';
import { createSqliteDialect } from './sqlite-dialect.ts';

/**
 * Opens the tables at a location, for work on rows rather than on what they mean; `destroy` closes them. A writer
 * migrates them, a reader finds them migrated. Rejects with `store_unavailable` where that does not work at the moment.
 */
export async function openTables(
  location: DatabaseLocation,
  mode: 'writer' | 'reader',
): Promise<Kysely<Schema>> {
  if (location.kind === 'postgres') return openPostgresTables({ url: location.url, mode });
  const database = openSqliteDatabase(location.path, mode);
  const db = new Kysely<Schema>({ dialect: createSqliteDialect(database) });
  try {
    await (mode === 'writer' ? migrate(db) : assertMigrated(db));
    return db;
  } catch (error) {
    await db.destroy();
    throw error;
  }
}
