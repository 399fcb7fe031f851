import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { banditFold } from '../../src/bandit/fold.ts';
import { systemClock } from '../../src/runtime/system-clock.ts';
import { createSystemRandom } from '../../src/runtime/system-random.ts';
import { openPostgresStore } from '../../src/store/kysely/postgres-store.ts';
import type { Store } from '../../src/store/store.ts';
import { startMortalPostgres } from '../../test/integration/support/postgres.ts';
import { startProcess, type RunningProcess } from '../proxy/child-process.ts';
import { readUsage } from '../proxy/measures/process-usage.ts';

/** What the database has done since it started. */
export interface DatabaseWork {
  readonly transactions: number;
  /** Inserted, changed and deleted. */
  readonly rows: number;
  /** Bytes of the write-ahead log. */
  readonly logBytes: number;
  readonly cpuMicros: number;
}

/** A PostgreSQL server with a database, for any number of proxies. */
export interface Cluster {
  readonly store: Store;
  /** Starts proxies beside one another; `share`: of the conversations that are recorded. */
  readonly startProxies: (count: number, share: number, upstreamPort: number) => Promise<readonly Proxy[]>;
  readonly work: () => Promise<DatabaseWork>;
  readonly stop: () => Promise<void>;
}

/** A `ratchet serve` in a process of its own. */
export interface Proxy {
  readonly url: string;
  readonly cpuMicros: () => number;
  readonly stop: RunningProcess['stop'];
}

const entry = fileURLToPath(new URL('../../src/cli/ratchet.ts', import.meta.url));

/** PostgreSQL tells what its connections did about a second later. */
const statisticsMs = 1_500;

/** Starts PostgreSQL and makes a database. */
export async function startCluster(): Promise<Cluster> {
  const server = await startMortalPostgres();
  const url = await server.createDatabase();
  const store = await openPostgresStore({
    url,
    fold: banditFold,
    clock: systemClock,
    random: createSystemRandom(),
    mode: 'writer',
  });
  const admin = new Client({ connectionString: url });
  await admin.connect();
  return {
    store,
    startProxies: async (count, share, upstreamPort) =>
      Promise.all(Array.from({ length: count }, () => startProxy(url, share, upstreamPort))),
    work: async () => {
      await delay(statisticsMs);
      const { rows } = await admin.query<Record<'transactions' | 'rows' | 'bytes', string>>(
        `select xact_commit + xact_rollback as transactions, tup_inserted + tup_updated + tup_deleted as rows,
           pg_current_wal_insert_lsn() - '0/0'::pg_lsn as bytes
         from pg_stat_database where datname = current_database()`,
      );
      const [found] = rows;
      if (found === undefined) throw new Error('PostgreSQL keeps no statistics');
      return {
        transactions: Number(found.transactions),
        rows: Number(found.rows),
        logBytes: Number(found.bytes),
        cpuMicros: server.processes().reduce((sum, pid) => sum + readUsage(pid).cpuMicros, 0),
      };
    },
    stop: async () => {
      await admin.end();
      await store.close();
      await server.stop();
    },
  };
}

async function startProxy(database: string, share: number, upstreamPort: number): Promise<Proxy> {
  const { pid, announced, stop } = await startProcess({
    command: process.execPath,
    parameters: [entry, 'serve', '--role', 'proxy'],
    environment: {
      RATCHET_PORT: '0',
      RATCHET_UPSTREAM: `http://127.0.0.1:${upstreamPort}/v1`,
      RATCHET_DATABASE: database,
      RATCHET_RECORD: 'metadata',
      RATCHET_RECORD_SHARE: String(share),
    },
    ready: {
      announcement: (line) =>
        line.includes('"event":"listening"') ? /"url":"([^"]+)"/.exec(line)?.[1] : undefined,
    },
  });
  return { url: announced, cpuMicros: () => readUsage(pid).cpuMicros, stop };
}

/** What was done between two looks. */
export function between(before: DatabaseWork, after: DatabaseWork): DatabaseWork {
  return {
    transactions: after.transactions - before.transactions,
    rows: after.rows - before.rows,
    logBytes: after.logBytes - before.logBytes,
    cpuMicros: after.cpuMicros - before.cpuMicros,
  };
}
