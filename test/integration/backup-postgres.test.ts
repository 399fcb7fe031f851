import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPostgres, type PostgresServer } from './support/postgres.ts';
import { sendAgain, startScoringClients } from './support/scoring-clients.ts';
import { startServerProcess, type ServerProcess } from './support/server-process.ts';
import { startSmallUpstream, type SmallUpstream } from './support/small-upstream.ts';

const run = promisify(execFile);
let folder: string;
let postgres: PostgresServer;
let upstream: SmallUpstream;
let url: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ratchet-dump-'));
  [postgres, upstream] = await Promise.all([startPostgres(), startSmallUpstream()]);
  url = await postgres.createDatabase();
});
afterAll(async () => {
  await Promise.all([upstream.close(), postgres.stop()]);
  rmSync(folder, { recursive: true });
});

const start = (database: string): Promise<ServerProcess> =>
  startServerProcess({ RATCHET_UPSTREAM: upstream.url, RATCHET_DATABASE: database });

test('a PostgreSQL that was dumped under load and restored has everything acknowledged before, once', async (context) => {
  const obstacle = await obstacleToDumping();
  if (obstacle !== undefined) {
    process.stdout.write(`skipped: ${obstacle}\n`);
    context.skip(obstacle);
    return;
  }
  const server = await start(url);
  const clients = startScoringClients(server);
  await clients.more(100);
  const promised = [...clients.acknowledged()];
  const dump = join(folder, 'ratchet.dump');
  await run('pg_dump', ['--format=custom', `--file=${dump}`, url]);
  await clients.more(50);
  await clients.stop();
  const later = clients.acknowledged().slice(promised.length);
  server.kill('SIGKILL');
  await server.exited;

  const restoredUrl = await postgres.createDatabase();
  await run('pg_restore', [
    '--no-owner',
    '--exit-on-error',
    '--single-transaction',
    `--dbname=${restoredUrl}`,
    dump,
  ]);
  const restored = await start(restoredUrl);
  await restored.logged('ready');
  expect(await sendAgain(restored, promised)).toEqual({ duplicate: promised.length });
  const outcomes = await sendAgain(restored, later);
  expect((outcomes['counted'] ?? 0) + (outcomes['duplicate'] ?? 0)).toBe(later.length);
  expect(outcomes['counted']).toBeGreaterThan(0);
  expect(await sendAgain(restored, later)).toEqual({ duplicate: later.length });
  restored.kill('SIGTERM');
  expect(await restored.exited).toBe(0);
});

/** Why this machine cannot dump the server: pg_dump refuses servers that are newer than itself. */
async function obstacleToDumping(): Promise<string | undefined> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ server_version: string }>('show server_version');
  await client.end();
  const server = Number.parseInt(rows[0]?.server_version ?? '', 10);
  try {
    const { stdout } = await run('pg_dump', ['--version']);
    const own = Number(/(\d+)[.\d]* ?/.exec(stdout)?.[1]);
    return own >= server ? undefined : `pg_dump ${own} cannot dump PostgreSQL ${server}`;
  } catch {
    return 'there is no pg_dump on the path';
  }
}
