import Database from 'better-sqlite3';
import { Kysely } from 'kysely';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeFold } from '../fake-fold.case.ts';
import { sampleDecision, sampleFeedback, sampleTask, startMs } from '../samples.case.ts';
import { describeStore } from '../store.case.ts';
import type { Store } from '../store.ts';
import { createKyselyStore } from './kysely-store.ts';
import { openSqliteDatabase } from './sqlite-database.ts';
import { createSqliteDialect } from './sqlite-dialect.ts';
import { openSqliteStore, type SqliteStoreSettings } from './sqlite-store.ts';

let folder = '';
const random = { next: () => 0.5 };
const unavailable = { name: 'RatchetError', code: 'store_unavailable', isRetryable: true };
const open = (change: Partial<SqliteStoreSettings> = {}): Promise<Store> =>
  openSqliteStore({
    path: join(folder, 'ratchet.db'),
    fold: fakeFold,
    clock: { now: () => startMs },
    random,
    mode: 'writer',
    ...change,
  });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ratchet-store-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describeStore('sqlite store', async (settings) => ({ store: await open(settings), dispose: async () => {} }));

describe('a database file', () => {
  it('has exactly the tables of the committed schema', async () => {
    const store = await open();
    await store.close();
    const database = new Database(join(folder, 'ratchet.db'), { readonly: true });
    const statements = database
      .prepare(
        "select sql from sqlite_master where sql is not null and name not like 'kysely_%' order by name",
      )
      .pluck()
      .all();
    database.close();
    const dump = `${statements.join(';\n\n')};\n`;
    await expect(dump).toMatchFileSnapshot('../../../migrations/schema.sql');
  });

  it('is made with its folder, for its owner only', async () => {
    const path = join(folder, 'data', 'ratchet.db');
    const store = await open({ path });
    await store.readSecret();
    for (const file of [path, `${path}-wal`]) expect(statSync(file).mode & 0o777).toBe(0o600);
    await store.close();
  });

  it('keeps everything when it is closed and opened again', async () => {
    const first = await open();
    await first.registerTask(sampleTask());
    await first.recordDecisions([sampleDecision('d1')]);
    await first.recordFeedback([sampleFeedback('chatcmpl-d1', { value: 0.5, comment: 'fine' })]);
    const secret = await first.readSecret();
    const before = await first.readSnapshot(0);
    const query = { taskId: 'triage', order: 'newest', limit: 9 } as const;
    const traces = await first.readTraces(query);
    await first.close();
    const second = await open({ random: { next: () => 0.25 } });
    expect(await second.readSnapshot(0)).toEqual(before);
    expect(await second.readTraces(query)).toEqual(traces);
    expect(await second.readSecret()).toBe(secret);
    await second.close();
  });

  it('writes through to disk with every commit', async () => {
    const store = await open();
    const database = new Database(join(folder, 'ratchet.db'), { readonly: true });
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
    database.close();
    await store.close();
  });
});

describe('a reader', () => {
  it('sees what a writer has committed, and writes nothing', async () => {
    const writer = await open();
    const reader = await open({ mode: 'reader' });
    await writer.registerTask(sampleTask());
    expect((await reader.readTask('triage'))?.task).toEqual(sampleTask());
    await expect(reader.registerTask(sampleTask({ id: 'reply' }))).rejects.toThrow();
    await reader.close();
    await writer.close();
  });

  it('waits for a writer to make and migrate the file: store_unavailable until then', async () => {
    await expect(open({ mode: 'reader' })).rejects.toMatchObject(unavailable);
    new Database(join(folder, 'ratchet.db')).exec('create table other (id text)').close();
    await expect(open({ mode: 'reader' })).rejects.toMatchObject(unavailable);
  });
});

describe('a failure', () => {
  it('of a lock that another process holds is store_unavailable, and passes', async () => {
    const store = await open();
    const other = new Database(join(folder, 'ratchet.db'));
    other.exec('begin immediate');
    await expect(store.registerTask(sampleTask())).rejects.toMatchObject(unavailable);
    expect(await store.readTask('triage')).toBeUndefined();
    other.exec('rollback');
    other.close();
    await store.ping();
    await store.close();
  }, 20_000);

  it('of a short lock is waited for, and keeps nobody from reading', async () => {
    const store = await open();
    await store.registerTask(sampleTask());
    const other = new Database(join(folder, 'ratchet.db'));
    other.exec('begin exclusive');
    let isStored = false;
    const storing = store.saveBaseline('triage', { ...sampleTask().baseline, stableFor: 9 }).then(() => {
      isStored = true;
    });
    const startedAt = performance.now();
    let reads = 0;
    let slowestMs = 0;
    while (performance.now() - startedAt < 500) {
      const readAt = performance.now();
      await store.readTask('triage');
      slowestMs = Math.max(slowestMs, performance.now() - readAt);
      reads += 1;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(isStored).toBe(false);
    expect(reads).toBeGreaterThan(5);
    expect(slowestMs).toBeLessThan(250);
    other.exec('rollback');
    other.close();
    await storing;
    expect((await store.readTask('triage'))?.task.baseline.stableFor).toBe(9);
    await store.close();
  });

  it('of a full disk is store_unavailable, and leaves nothing half done', async () => {
    const path = join(folder, 'ratchet.db');
    const roomy = await open();
    await roomy.registerTask(sampleTask());
    await roomy.close();
    const database = openSqliteDatabase(path, 'writer');
    database.prepare('pragma max_page_count = 120').all([]);
    const tight = createKyselyStore(
      {
        db: new Kysely({ dialect: createSqliteDialect(database) }),
        random,
        retentionMs: 1000,
        rules: () => ({ fold: fakeFold, nowMs: startMs }),
      },
      async () => database.close(),
    );
    const decisions = Array.from({ length: 400 }, (_, index) => sampleDecision(`d${index}`));
    const batch = decisions.map((decision) =>
      sampleFeedback(decision, { value: 1, comment: 'x'.repeat(5000) }),
    );
    await expect(tight.recordFeedback(batch)).rejects.toMatchObject(unavailable);
    expect((await tight.readTask('triage'))?.bandit.feedbacks).toBe(0);
    expect(await tight.recordFeedback(batch.slice(0, 1))).toMatchObject([{ outcome: 'counted' }]);
    await tight.close();
  });

  it.each([
    ['that is a folder', (path: string) => mkdirSync(path)],
    ['that is no database', (path: string) => writeFileSync(path, 'x'.repeat(5000))],
  ])('of a file %s is store_unavailable', async (_, make) => {
    make(join(folder, 'ratchet.db'));
    await expect(open()).rejects.toMatchObject(unavailable);
  });

  it('after closing is store_unavailable', async () => {
    const store = await open();
    await store.close();
    await expect(store.ping()).rejects.toMatchObject(unavailable);
    await expect(store.readTask('triage')).rejects.toMatchObject(unavailable);
    await expect(store.recordFeedback([sampleFeedback('d1', { value: 1 })])).rejects.toMatchObject(
      unavailable,
    );
  });

  it('of our own making is not retryable', async () => {
    const store = await open();
    const refused: unknown = await store
      .recordDecisions([sampleDecision('d1', { propensity: 2 })])
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RangeError);
    await store.close();
  });
});
