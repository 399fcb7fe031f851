import { Kysely } from 'kysely';
import { retentionMsDefault } from '../ledger/limits.ts';
import type { Store } from '../store.ts';
import { createKyselyStore } from './kysely-store.ts';
import { assertMigrated, migrate } from './migrations.ts';
import type { Schema } from './schema.ts';
import type { DatabaseFile } from './database-file.ts';
import { openSqliteDatabase } from './sqlite-database.ts';
import { createSqliteDialect } from './sqlite-dialect.ts';
import type { StoreSettings } from './store-settings.ts';

export interface SqliteStoreSettings extends StoreSettings {
  /** The database file, made if it does not exist; `:memory:` for none. */
  readonly path: string;
}

/** A store, and the file that it is in. */
export interface SqliteStore {
  readonly store: Store;
  readonly file: DatabaseFile;
}

/** Opens a store in a SQLite file. Rejects with `store_unavailable` where file or disk do not allow it. */
export async function openSqliteStore(settings: SqliteStoreSettings): Promise<Store> {
  return (await openSqliteFile(settings)).store;
}

/**
 * Opens a store in a SQLite file, as `openSqliteStore` does, for whoever looks after the file. While another file is at
 * its path, or none, nothing is acknowledged.
 */
export async function openSqliteFile(settings: SqliteStoreSettings): Promise<SqliteStore> {
  const { path, fold, clock, random, mode, retentionMs, onDamage = () => {} } = settings;
  const database = openSqliteDatabase(path, mode);
  const db = new Kysely<Schema>({ dialect: createSqliteDialect(database) });
  try {
    await (mode === 'writer' ? migrate(db) : assertMigrated(db));
  } catch (error) {
    database.close();
    throw error;
  }
  database.endOpening();
  const file = database.watchFile();
  const context = {
    db,
    random,
    retentionMs: retentionMs ?? retentionMsDefault,
    rules: () => ({ fold, nowMs: clock.now() }),
    onDamage,
    isInPlace: () => file.fate() === 'in-place',
  };
  return { store: createKyselyStore(context, async () => database.close()), file };
}
