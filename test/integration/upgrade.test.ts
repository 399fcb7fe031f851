import Database from 'better-sqlite3';
import { Kysely, PostgresDialect, SqliteDialect } from 'kysely';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { banditFold } from '../../src/bandit/fold.ts';
import type { Feedback } from '../../src/domain/feedback.ts';
import { baselineVariantId } from '../../src/domain/variant.ts';
import { openDatabase } from '../../src/store/kysely/open-database.ts';
import type { DatabaseLocation } from '../../src/store/database-location.ts';
import { sampleDecision } from '../../src/store/samples.case.ts';
import type { Store } from '../../src/store/store.ts';
import { startPostgres, type PostgresServer } from './support/postgres.ts';
import {
  inOrder,
  makeFirstRelease,
  readRows,
  rowsOf,
  tableNames,
  type AnyTables,
  type Row,
} from './support/first-release.ts';

let folder: string;
let postgres: PostgresServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ratchet-upgrade-'));
  postgres = await startPostgres();
  process.stdout.write(`PostgreSQL from ${postgres.origin}\n`);
});
afterAll(async () => {
  await postgres.stop();
  rmSync(folder, { recursive: true });
});

const numberIn = (row: Row | undefined, column: string): number => Number(row?.[column]);
const textIn = (row: Row | undefined, column: string): string => String(row?.[column]);
/** A minute after the last thing that the old server did. */
const nowMs = Math.max(...rowsOf('feedback').map((row) => numberIn(row, 'at_ms'))) + 60_000;
const [task] = rowsOf('tasks');
const taskId = textIn(task, 'id');

const engines = [
  {
    name: 'SQLite',
    locate: async (): Promise<DatabaseLocation> => ({ kind: 'sqlite', path: join(folder, 'ratchet.db') }),
  },
  {
    name: 'PostgreSQL',
    locate: async (): Promise<DatabaseLocation> => ({
      kind: 'postgres',
      url: await postgres.createDatabase(),
    }),
  },
];

describe.each(engines)('a database of the first release, on $name', ({ locate }) => {
  let location: DatabaseLocation;
  let store: Store;
  const damaged: unknown[] = [];

  beforeAll(async () => {
    location = await locate();
    await withTables(location, makeFirstRelease);
    ({ store } = await openDatabase(location, {
      fold: banditFold,
      clock: { now: () => nowMs },
      random: { next: () => 0.5 },
      mode: 'writer',
      onDamage: (row) => void damaged.push(row),
    }));
  });
  afterAll(async () => store.close());

  it('keeps every row through the migrations', async () => {
    await withTables(location, async (db) => {
      const made = await db.selectFrom('kysely_migration').select('name').execute();
      expect(made.length).toBeGreaterThan(1);
      for (const table of tableNames) {
        const rows = rowsOf(table);
        expect(rows.length).toBeGreaterThan(0);
        expect(await readRows(db, table), table).toEqual(inOrder(rows, Object.keys(rows[0] ?? {})));
      }
    });
  });

  it('is read whole: plans, variants, campaigns, evidence', async () => {
    const [snapshot] = (await store.readSnapshot(0)).tasks;
    expect(snapshot).toMatchObject({
      task: { id: taskId },
      plan: { version: numberIn(task, 'plan_version') },
    });
    expect(snapshot?.bandit).toMatchObject({
      feedbacks: JSON.parse(textIn(rowsOf('bandits')[0], 'state')).feedbacks,
    });
    expect(await store.readPlans(taskId, 100)).toHaveLength(rowsOf('plans').length);
    expect(await store.readVariants(taskId)).toHaveLength(rowsOf('variants').length);
    const campaigns = await store.readCampaigns(taskId, 'all');
    const states: readonly string[] = rowsOf('campaigns').map(
      (row) => JSON.parse(textIn(row, 'campaign')).state,
    );
    expect(new Set(states).size).toBeGreaterThan(2);
    expect(campaigns.map(({ state }) => state).toSorted()).toEqual(states.toSorted());
    expect(await store.readGateState(taskId)).toMatchObject(
      JSON.parse(textIn(rowsOf('gate_states')[0], 'state')),
    );
    expect(await store.readWatchEvents(taskId)).toHaveLength(rowsOf('watch_events').length);
    expect(await store.readRewards(taskId, 0, 1_000)).toHaveLength(rowsOf('reward_events').length);
    expect(await store.readSecret()).toBe(textIn(rowsOf('secrets')[0], 'value'));
    expect(damaged).toEqual([]);
  });

  it('knows every feedback that it acknowledged, and counts what waited', async () => {
    const before = (await store.readTask(taskId))?.bandit.feedbacks ?? 0;
    const again = rowsOf('feedback').map(feedbackOf);
    const outcomes = (await store.recordFeedback(again)).map(({ outcome }) => outcome);
    const known = rowsOf('feedback').map((row) => (row['state'] === 'pending' ? 'pending' : 'duplicate'));
    expect(outcomes).toEqual(known);
    expect(new Set(known).size).toBe(2);
    expect((await store.readTask(taskId))?.bandit.feedbacks).toBe(before);

    const waiting = rowsOf('feedback').find((row) => row['state'] === 'pending');
    const decision = sampleDecision('since-the-upgrade', {
      taskId,
      variantId: baselineVariantId,
      planVersion: numberIn(task, 'plan_version'),
      completionId: textIn(waiting, 'target_name'),
      scope: textIn(waiting, 'scope'),
      atMs: nowMs - 30_000,
    });
    await store.recordDecisions([decision]);
    expect((await store.readTask(taskId))?.bandit.feedbacks).toBe(before + 1);
  });
});

async function withTables<Result>(
  location: DatabaseLocation,
  work: (db: Kysely<AnyTables>) => Promise<Result>,
): Promise<Result> {
  const dialect =
    location.kind === 'sqlite'
      ? new SqliteDialect({ database: new Database(location.path) })
      : new PostgresDialect({ pool: new Pool({ connectionString: location.url }) });
  const db = new Kysely<AnyTables>({ dialect });
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}

/** What a client had sent to make this row. */
function feedbackOf(row: Row): Feedback {
  const text = (column: string): string | null => (row[column] === null ? null : textIn(row, column));
  const ref = text('target_ref');
  return {
    target:
      ref === null
        ? { kind: 'name', name: textIn(row, 'target_name') }
        : { kind: 'decision', ref: JSON.parse(ref) },
    body: {
      metric: text('metric'),
      value: row['value'] === null ? null : numberIn(row, 'value'),
      comment: text('comment'),
      expected: text('expected'),
    },
    key: textIn(row, 'key'),
    source: textIn(row, 'source'),
    scope: textIn(row, 'scope'),
    tags: JSON.parse(textIn(row, 'tags')),
    atMs: nowMs,
  };
}
