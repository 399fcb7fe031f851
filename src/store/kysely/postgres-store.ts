import { Kysely } from 'kysely';
import { retentionMsDefault } from '../ledger/limits.ts';
import type { Store } from '../store.ts';
import type { ChangeListener } from './change-listener.ts';
import { createKyselyStore } from './kysely-store.ts';
import { assertMigrated, migrate } from './migrations.ts';
import { createPostgresDialect } from './postgres-dialect.ts';
import { withPostgresFailures } from './postgres-failure.ts';
import { listenToPostgres } from './postgres-listener.ts';
import { openPool, type PoolSettings } from './postgres-pool.ts';
import type { Schema } from './schema.ts';
import type { StoreSettings } from './store-settings.ts';

/** A store, and the server that it is on. */
export interface PostgresStoreSettings extends StoreSettings, PoolSettings {}

/** A store on a server, and a way to hear of its changes. */
export interface PostgresStore {
  readonly store: Store;
  readonly listen: ChangeListener;
}

/**
 * Opens a store on a PostgreSQL server, 14 or later. Rejects with `store_unavailable` where the server cannot be reached
 * or does not allow it.
 */
export async function openPostgresStore(settings: PostgresStoreSettings): Promise<Store> {
  return (await openPostgresServer(settings)).store;
}

/** Opens a store on a server, as `openPostgresStore` does, for whoever wants to hear what others change. */
export async function openPostgresServer(settings: PostgresStoreSettings): Promise<PostgresStore> {
  const { fold, clock, random, retentionMs = retentionMsDefault, onDamage } = settings;
  const db = await openPostgresTables(settings);
  const context = { db, random, retentionMs, rules: () => ({ fold, nowMs: clock.now() }) };
  const store = createKyselyStore({ ...context, ...(onDamage === undefined ? {} : { onDamage }) }, async () =>
    db.destroy(),
  );
  return { store, listen: listenToPostgres(settings.url, db) };
}

/** Opens the tables on a server. A writer migrates them; several that start at once take turns, by an advisory lock. */
export async function openPostgresTables(settings: PoolSettings): Promise<Kysely<Schema>> {
  const db = new Kysely<Schema>({ dialect: createPostgresDialect(openPool(settings)) });
  try {
    await withPostgresFailures(async () => (settings.mode === 'writer' ? migrate(db) : assertMigrated(db)));
    return db;
  } catch (error) {
    await db.destroy();
    throw error;
  }
}
