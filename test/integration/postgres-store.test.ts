import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeFold } from '../../src/store/fake-fold.case.ts';
import { openPostgresStore, type PostgresStoreSettings } from '../../src/store/kysely/postgres-store.ts';
import { sampleDecision, sampleFeedback, sampleTask, startMs } from '../../src/store/samples.case.ts';
import { describeStore } from '../../src/store/store.case.ts';
import type { Store } from '../../src/store/store.ts';
import { startPostgres, type PostgresServer } from './support/postgres.ts';

const random = { next: () => 0.5 };
let server: PostgresServer;
let migrated: string;

beforeAll(async () => {
  server = await startPostgres();
  process.stdout.write(`PostgreSQL from ${server.origin}\n`);
  migrated = await server.createDatabase();
  await (await open(migrated)).close();
});
afterAll(async () => server.stop());

const open = async (url: string, change: Partial<PostgresStoreSettings> = {}): Promise<Store> =>
  openPostgresStore({
    url,
    fold: fakeFold,
    clock: { now: () => startMs },
    random,
    mode: 'writer',
    ...change,
  });

describeStore('postgres store', async (settings) => ({
  store: await open(await server.createDatabase(migrated), settings),
  dispose: async () => {},
}));

describe('a database on a server', () => {
  it('is migrated once by writers that start at the same moment', async () => {
    const url = await server.createDatabase();
    const stores = await Promise.all(Array.from({ length: 4 }, async () => open(url)));
    await Promise.all(stores.map(async (store) => store.ping()));
    await Promise.all(stores.map(async (store) => store.close()));
  });

  it('keeps everything when it is closed and opened again', async () => {
    const url = await server.createDatabase();
    const first = await open(url);
    await first.registerTask(sampleTask());
    await first.recordDecisions([sampleDecision('d1')]);
    await first.recordFeedback([sampleFeedback('chatcmpl-d1', { value: 0.5, comment: 'fine' })]);
    const secret = await first.readSecret();
    const before = await first.readSnapshot(0);
    await first.close();
    const second = await open(url, { random: { next: () => 0.25 } });
    expect(await second.readSnapshot(0)).toEqual(before);
    expect(await second.readSecret()).toBe(secret);
    await second.close();
  });

  it('counts feedback once that several writers are told at the same moment', async () => {
    const url = await server.createDatabase();
    const stores = await Promise.all(Array.from({ length: 3 }, async () => open(url)));
    const [first] = stores;
    if (first === undefined) throw new Error('no store');
    await first.registerTask(sampleTask());
    const decisions = Array.from({ length: 30 }, (_, index) => sampleDecision(`d${index}`));
    await Promise.all(stores.map(async (store) => store.recordDecisions(decisions)));
    const batch = decisions.map((decision) => sampleFeedback(decision, { value: 1 }));
    await Promise.all(
      stores.flatMap((store) => batch.map(async (feedback) => store.recordFeedback([feedback]))),
    );
    expect((await first.readTask('triage'))?.bandit.feedbacks).toBe(30);
    await Promise.all(stores.map(async (store) => store.close()));
  });

  it('is read, and not written, by a reader, who waits for a writer to migrate it', async () => {
    const url = await server.createDatabase();
    await expect(open(url, { mode: 'reader' })).rejects.toMatchObject({ code: 'store_unavailable' });
    const writer = await open(url);
    await writer.registerTask(sampleTask());
    const reader = await open(url, { mode: 'reader' });
    expect((await reader.readTask('triage'))?.task).toEqual(sampleTask());
    await expect(reader.registerTask(sampleTask({ id: 'reply' }))).rejects.toThrow();
    await reader.close();
    await writer.close();
  });
});

describe('text with a character that PostgreSQL cannot keep', () => {
  it('is stored with another one in its place', async () => {
    const store = await open(await server.createDatabase(migrated));
    await store.registerTask(sampleTask());
    await store.recordDecisions([sampleDecision('d1')]);
    const feedback = sampleFeedback('chatcmpl-d1', { value: 0.5, comment: 'fi\0ne', expected: '\0' });
    expect(await store.recordFeedback([feedback])).toMatchObject([{ outcome: 'counted' }]);
    const [trace] = await store.readTraces({ taskId: 'triage', order: 'newest', limit: 1 });
    expect(trace).toMatchObject({ comments: ['fi\ufffdne'], expected: '\ufffd' });
    expect(await store.recordFeedback([sampleFeedback('no\0body', { value: 1 })])).toMatchObject([
      { outcome: 'pending' },
    ]);
    await store.close();
  });
});

describe('a failure', () => {
  const unavailable = { name: 'RatchetError', code: 'store_unavailable', isRetryable: true };

  it('to reach the server is store_unavailable', async () => {
    await expect(open('postgres://nobody@127.0.0.1:1/none')).rejects.toMatchObject(unavailable);
  });

  it('of a database that is not there is store_unavailable, and says which code', async () => {
    const url = new URL(await server.createDatabase());
    url.pathname = '/ratchet_is_not_here';
    await expect(open(url.href)).rejects.toMatchObject({
      ...unavailable,
      message: expect.stringContaining('3D000'),
    });
  });

  it('of connections that the server ends is store_unavailable at most once, and nothing is half done', async () => {
    const url = await server.createDatabase();
    const store = await open(url);
    await store.registerTask(sampleTask());
    const admin = new Client({ connectionString: url });
    await admin.connect();
    await admin.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    await admin.end();
    const attempt = async (): Promise<void> => store.recordDecisions([sampleDecision('d1')]);
    await attempt().catch(async (error: unknown) => {
      expect(error).toMatchObject(unavailable);
      await attempt();
    });
    expect(await store.findEpisode(sampleDecision('d1').scope, 'd1', undefined)).toBeDefined();
    await store.close();
  });

  it('of a lock that somebody holds for long is store_unavailable, and passes', async () => {
    const url = await server.createDatabase();
    const store = await open(url);
    const other = new Client({ connectionString: url });
    await other.connect();
    await other.query('begin');
    await other.query('lock table counters in access exclusive mode');
    await expect(store.registerTask(sampleTask())).rejects.toMatchObject(unavailable);
    await other.query('rollback');
    await other.end();
    await store.registerTask(sampleTask());
    expect((await store.readTask('triage'))?.task.id).toBe('triage');
    await store.close();
  }, 30_000);
});
