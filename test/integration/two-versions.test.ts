import Database from 'better-sqlite3';
import { Kysely, PostgresDialect, sql, SqliteDialect } from 'kysely';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DatabaseLocation } from '../../src/store/database-location.ts';
import { fakeFold } from '../../src/store/fake-fold.case.ts';
import { openDatabase } from '../../src/store/kysely/open-database.ts';
import {
  sampleCampaign,
  sampleDecision,
  sampleFeedback,
  sampleTask,
  startMs,
} from '../../src/store/samples.case.ts';
import type { Store } from '../../src/store/store.ts';
import type { AnyTables } from './support/first-release.ts';
import { startPostgres, type PostgresServer } from './support/postgres.ts';
import { refusalsOf } from './support/released-columns.ts';

let folder: string;
let postgres: PostgresServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ratchet-versions-'));
  postgres = await startPostgres();
  process.stdout.write(`PostgreSQL from ${postgres.origin}\n`);
});
afterAll(async () => {
  await postgres.stop();
  rmSync(folder, { recursive: true });
});

const open = async (location: DatabaseLocation): Promise<Store> =>
  (
    await openDatabase(location, {
      fold: fakeFold,
      clock: { now: () => startMs },
      random: { next: () => 0.5 },
      mode: 'writer',
    })
  ).store;

const change = async (location: DatabaseLocation, statements: readonly string[]): Promise<void> => {
  const dialect =
    location.kind === 'sqlite'
      ? new SqliteDialect({ database: new Database(location.path) })
      : new PostgresDialect({ pool: new Pool({ connectionString: location.url, max: 1 }) });
  const db = new Kysely<AnyTables>({ dialect });
  for (const statement of statements) await sql.raw(statement).execute(db);
  await db.destroy();
};

/** What a release that is still to come might do: it adds, and takes nothing away. */
const comingRelease = [
  'alter table decisions add column mood text',
  "alter table feedback add column origin text not null default 'unknown'",
  'alter table tasks add column weight double precision default 1',
  'create table moods (name text primary key, note text not null)',
  'create index decisions_by_mood on decisions (mood)',
  "insert into kysely_migration (name, timestamp) values ('9999-moods', '2030-01-01T00:00:00.000Z')",
];

/** Everything that a process does all day. */
const work = async (store: Store, day: number): Promise<void> => {
  const decisions = Array.from({ length: 5 }, (_, n) =>
    sampleDecision(`day${day}-${n}`, { atMs: startMs + day * 1_000 + n }),
  );
  await store.registerTask(sampleTask());
  const before = (await store.readTask('triage'))?.bandit.feedbacks ?? 0;
  await store.recordDecisions(decisions);
  for (const decision of decisions)
    await store.recordFeedback([
      sampleFeedback(decision, { value: 1, expected: 'billing', comment: 'fine' }),
    ]);
  expect(await store.addCampaign(sampleCampaign(`c${day}`))).toBe(true);
  await store.sweep(startMs + day * 1_000 + 100);
  const traces = await store.readTraces({ taskId: 'triage', order: 'newest', limit: 5 });
  expect(traces.map(({ decision }) => decision.decisionId).toSorted()).toEqual(
    decisions.map(({ decisionId }) => decisionId),
  );
  expect((await store.readTask('triage'))?.bandit.feedbacks).toBe(before + decisions.length);
};

describe.each([
  { name: 'SQLite', isOnServer: false },
  { name: 'PostgreSQL', isOnServer: true },
])('a process of the older version, on $name', ({ isOnServer }) => {
  it('goes on when a newer one has migrated, and also starts then', async () => {
    const location: DatabaseLocation = isOnServer
      ? { kind: 'postgres', url: await postgres.createDatabase() }
      : { kind: 'sqlite', path: join(folder, 'ratchet.db') };
    const running = await open(location);
    await work(running, 1);
    await change(location, comingRelease);
    await work(running, 2);
    await running.close();
    const started = await open(location);
    await work(started, 3);
    await started.close();
  });
});

describe('the migrations', () => {
  const migrated = async (statements: readonly string[]): Promise<readonly string[]> => {
    const path = join(mkdtempSync(join(folder, 'migrated-')), 'ratchet.db');
    await (await open({ kind: 'sqlite', path })).close();
    await change({ kind: 'sqlite', path }, statements);
    const db = new Kysely<AnyTables>({ dialect: new SqliteDialect({ database: new Database(path) }) });
    const refusals = await refusalsOf(db);
    await db.destroy();
    return refusals;
  };

  it('take nothing from processes of the previous release, and ask nothing new of them', async () => {
    expect(await migrated([])).toEqual([]);
    expect(await migrated(comingRelease)).toEqual([]);
  });

  it('are refused by this check where they drop or rename a column, or add one that has to be given', async () => {
    expect(await migrated(['alter table decisions drop column details'])).toEqual([
      'decisions.details is gone',
    ]);
    expect(await migrated(['alter table feedback rename column comment to remark'])).toEqual([
      'feedback.comment is gone',
    ]);
    expect(
      await migrated(['drop table leases', 'create table leases (name text, mark text not null)']),
    ).toEqual([
      'leases.holder is gone',
      'leases.beat is gone',
      'leases.mark has to be given, by processes that do not know it',
    ]);
    expect(await migrated(['drop table spends'])).toContain('spends.usd is gone');
  });
});
