import { Kysely } from 'kysely';
import type { Clock } from '../../domain/clock.ts';
import type { Random } from '../../domain/random.ts';
import type { BanditFold } from '../bandit-fold.ts';
import { retentionMsDefault } from '../ledger/limits.ts';
import type { Store } from '../store.ts';
import { createKyselyStore } from './kysely-store.ts';
import { assertMigrated, migrate } from './migrations.ts';
import type { Schema } from './schema.ts';
import type { DamageListener } from './damage.ts';
import type { DatabaseFile } from './database-file.ts';
import { openSqliteDatabase } from './sqlite-database.ts';
import { createSqliteDialect } from './sqlite-dialect.ts';

export interface SqliteStoreSettings {
  /** The database file, made if it does not exist; `:memory:` for none. */
  readonly path: string;
  readonly fold: BanditFold;
  readonly clock: Clock;
  /** Makes the signing secret, so it must be unpredictable. */
  readonly random: Random;
  /** A writer migrates the database; a reader only reads one that has been, and its writes are refused. */
  readonly mode: 'writer' | 'reader';
  /** How long decisions with their text, and shadow runs, are kept; default 14 days. */
  readonly retentionMs?: number;
  /** Told of each row that cannot be read, each time that it is met; it is left out. Default: nobody is told. */
  readonly onDamage?: DamageListener;
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
