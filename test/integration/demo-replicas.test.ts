import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/runtime/package-root.ts';
import { startPostgres, type PostgresServer } from './support/postgres.ts';

const run = promisify(execFile);
const demo = [join(packageRoot(), 'bin/ratchet.js'), 'demo', '--json'];
let postgres: PostgresServer;
let url: string;
beforeAll(async () => {
  postgres = await startPostgres();
  process.stdout.write(`PostgreSQL from ${postgres.origin}\n`);
  url = await postgres.createDatabase();
});
afterAll(async () => postgres.stop());

const databases = async (): Promise<readonly string[]> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  const found = await client.query<{ datname: string }>(
    "select datname from pg_database where datname like 'ratchet_demo_%'",
  );
  await client.end();
  return found.rows.map(({ datname }) => datname);
};

interface Failure {
  readonly code: number;
  readonly stderr: string;
}

const failureOf = async (options: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Failure> =>
  run(process.execPath, [...demo, ...options], { env: environment }).then(
    () => ({ code: 0, stderr: '' }),
    (error: unknown) => error as Failure,
  );

describe('the demo with replicas', () => {
  it('lets two proxies and a learner find a better prompt, and leaves nothing behind', async () => {
    const before = await databases();
    const { stdout, stderr } = await run(process.execPath, [...demo, '--replicas', '2', '--database', url]);
    expect(stderr).toContain('2 replicas and a learner on postgres://');
    const report: Record<string, number> = JSON.parse(stdout);
    expect(report).toMatchObject({ requests: 6_500, harmfulPromotions: 0 });
    expect(report['final']).toBeGreaterThan(report['baseline'] ?? 1);
    expect(await databases()).toEqual(before);
  }, 150_000);

  it('drops its database also when it is broken off', async () => {
    const before = await databases();
    const broken = run(process.execPath, [...demo, '--database', url]);
    broken.child.stderr?.once('data', () => broken.child.kill('SIGINT'));
    await expect(broken).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('before its end'),
    });
    expect(await databases()).toEqual(before);
  });

  it('says which database it needs where it is given another', async () => {
    expect(await failureOf(['--database', 'sqlite:./ratchet.db'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--database: expected postgres:.*replicas share a PostgreSQL server/),
    });
    const environment = { RATCHET_TEST_POSTGRES_URL: 'somewhere' };
    expect(await failureOf(['--replicas', '2'], environment)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('RATCHET_TEST_POSTGRES_URL: expected postgres:'),
    });
  });

  it('says in one line that a server cannot be reached, or does not let it make a database', async () => {
    expect(await failureOf(['--database', 'postgres://nobody@127.0.0.1:1/none'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('ECONNREFUSED'),
    });
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query("create role ratchet_powerless login password 'none'");
    try {
      const powerless = new URL(url);
      [powerless.username, powerless.password] = ['ratchet_powerless', 'none'];
      expect(await failureOf(['--database', powerless.href])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('may not create databases'),
      });
    } finally {
      await client.query('drop role ratchet_powerless');
      await client.end();
    }
  });
});
