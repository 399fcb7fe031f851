import { Kysely } from 'kysely';
import { Pool } from 'pg';
import { retentionMsDefault } from '../ledger/limits.ts';
import type { Store } from '../store.ts';
import { createKyselyStore } from './kysely-store.ts';
import { assertMigrated, migrate } from './migrations.ts';
import { createPostgresDialect } from './postgres-dialect.ts';
import { withPostgresFailures } from './postgres-failure.ts';
import type { Schema } from './schema.ts';
import type { StoreSettings } from './store-settings.ts';

export interface PostgresStoreSettings extends StoreSettings {
  /** `postgres://user:password@host:5432/database`; what it leaves out comes from `PG…` variables. */
  readonly url: string;
  /** PostgreSQL schema that holds the tables; default: the first of the connection's search path. */
  readonly schema?: string;
  /** Connections at most; default 4. */
  readonly connectionsMax?: number;
}

const connectionsMaxDefault = 4;

/** How long a connection may take to open, milliseconds. */
const connectMsMax = 5_000;

/** Idle connections are closed after this time, milliseconds. */
const idleMs = 60_000;

/**
 * Ends what hangs, at the server and at this end, milliseconds: a statement, a transaction whose client says nothing,
 * and a lock that is not granted. The client waits a little longer than the server.
 */
const statementMsMax = 10_000;
const answerMsMax = 12_000;
const idleInTransactionMsMax = 15_000;
const lockMsMax = 5_000;

/**
 * Opens a store on a PostgreSQL server, 14 or later. A writer migrates it; several that start at once take turns, by an
 * advisory lock. Rejects with `store_unavailable` where the server cannot be reached or does not allow it.
 */
export async function openPostgresStore(settings: PostgresStoreSettings): Promise<Store> {
  const { fold, clock, random, mode, retentionMs = retentionMsDefault, onDamage } = settings;
  const db = new Kysely<Schema>({ dialect: createPostgresDialect(openPool(settings)) });
  try {
    await withPostgresFailures(async () => (mode === 'writer' ? migrate(db) : assertMigrated(db)));
  } catch (error) {
    await db.destroy();
    throw error;
  }
  const context = { db, random, retentionMs, rules: () => ({ fold, nowMs: clock.now() }) };
  return createKyselyStore({ ...context, ...(onDamage === undefined ? {} : { onDamage }) }, async () =>
    db.destroy(),
  );
}

function openPool({
  url,
  schema,
  mode,
  connectionsMax = connectionsMaxDefault,
}: PostgresStoreSettings): Pool {
  const options = [
    `-c statement_timeout=${statementMsMax}`,
    `-c lock_timeout=${lockMsMax}`,
    `-c idle_in_transaction_session_timeout=${idleInTransactionMsMax}`,
    ...(mode === 'reader' ? ['-c default_transaction_read_only=on'] : []),
    ...(schema === undefined ? [] : [`-c search_path=${schema}`]),
  ];
  const pool = new Pool({
    connectionString: url,
    application_name: 'ratchet',
    options: options.join(' '),
    max: connectionsMax,
    connectionTimeoutMillis: connectMsMax,
    idleTimeoutMillis: idleMs,
    query_timeout: answerMsMax,
    keepAlive: true,
  });
  // A connection that is lost while nobody uses it is replaced when one is needed again.
  pool.on('error', () => {});
  return pool;
}
