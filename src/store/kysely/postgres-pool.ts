import { Pool } from 'pg';

/** A server, and how it is used. */
export interface PoolSettings {
  /** `postgres://user:password@host:5432/database`; what it leaves out comes from `PG…` variables. */
  readonly url: string;
  /** PostgreSQL schema that holds the tables; default: the first of the connection's search path. */
  readonly schema?: string;
  /** Connections at most; default 4. */
  readonly connectionsMax?: number;
  /** A reader's writes are refused by the server. */
  readonly mode: 'writer' | 'reader';
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

/** Opens a pool of connections, which are made when they are needed. */
export function openPool({ url, schema, mode, connectionsMax = connectionsMaxDefault }: PoolSettings): Pool {
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
