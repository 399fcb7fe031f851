import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeFold } from '../../src/store/fake-fold.case.ts';
import { copyTables } from '../../src/store/kysely/copy-tables.ts';
import { openTables } from '../../src/store/kysely/open-tables.ts';
import { partitionDecisions } from '../../src/store/kysely/partition-decisions.ts';
import { openPostgresStore, type PostgresStoreSettings } from '../../src/store/kysely/postgres-store.ts';
import { sampleDecision, sampleFeedback, sampleTask, startMs } from '../../src/store/samples.case.ts';
import { describeStore } from '../../src/store/store.case.ts';
import type { Store } from '../../src/store/store.ts';
import { startPostgres, type PostgresServer } from './support/postgres.ts';

const dayMs = 86_400_000;
const retentionMs = 10 * dayMs;

let server: PostgresServer;
let undivided: string;
let divided: string;

const open = async (url: string, change: Partial<PostgresStoreSettings> = {}): Promise<Store> =>
  openPostgresStore({
    url,
    fold: fakeFold,
    clock: { now: () => startMs },
    random: { next: () => 0.5 },
    mode: 'writer',
    retentionMs,
    ...change,
  });

beforeAll(async () => {
  server = await startPostgres();
  process.stdout.write(`PostgreSQL from ${server.origin}\n`);
  undivided = await server.createDatabase();
  await (await open(undivided)).close();
  divided = await server.createDatabase(undivided);
  expect(await partitionDecisions({ url: divided, nowMs: startMs, retentionMs })).toBe(true);
});
// A database for each test of the store takes its time to drop.
afterAll(async () => server.stop(), 300_000);

describeStore('postgres store with divided decisions', async (settings) => ({
  store: await open(await server.createDatabase(divided), settings),
  dispose: async () => {},
}));

const query = async (url: string, statement: string): Promise<readonly unknown[]> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<unknown[]>({ text: statement, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
};

const tablesWith = async (url: string): Promise<readonly unknown[]> =>
  query(url, 'select distinct tableoid::regclass::text from decisions order by 1');

/** Decisions of three days from two days after the start, when divisions have begun. */
const threeDays = [2, 3, 4].map((day) => sampleDecision(`d${day}`, { atMs: startMs + day * dayMs }));

describe('divided decisions', () => {
  it('lie where their moment belongs, are stored once, and are found by whatever names them', async () => {
    const url = await server.createDatabase(divided);
    const store = await open(url);
    await store.registerTask(sampleTask());
    await store.sweep(startMs + 4 * dayMs);
    const strays = [
      sampleDecision('far', { atMs: startMs + 400 * dayMs }),
      sampleDecision('early', { atMs: 1 }),
    ];
    for (let times = 0; times < 2; times += 1) await store.recordDecisions([...threeDays, ...strays]);
    expect(await query(url, 'select count(*)::int from decisions')).toEqual([5]);
    expect(await tablesWith(url)).toEqual([
      'decisions_before',
      ...[2, 3, 4].map((day) => `decisions_from_${startMs + day * dayMs}`),
      'decisions_rest',
    ]);
    const scores = [...threeDays, ...strays].map((decision) => sampleFeedback(decision, { value: 1 }));
    await store.recordFeedback(scores);
    expect(await store.recordFeedback([sampleFeedback('chatcmpl-d3', { value: 0.5 })])).toMatchObject([
      { outcome: 'replaced' },
    ]);
    const traces = await store.readTraces({ taskId: 'triage', order: 'oldest', limit: 9 });
    expect(traces.map(({ decision }) => decision.decisionId)).toEqual(['early', 'd2', 'd3', 'd4', 'far']);
    await store.close();
  });

  it('go with their division when all of it is past retention, and there are always some to come', async () => {
    const url = await server.createDatabase(divided);
    const store = await open(url);
    await store.registerTask(sampleTask());
    await store.recordDecisions([sampleDecision('d0'), ...threeDays]);
    const kept = async (nowMs: number): Promise<readonly unknown[]> => {
      await store.sweep(nowMs);
      return query(url, 'select decision_id from decisions order by at_ms');
    };
    expect(await kept(startMs + retentionMs)).toEqual(['d0', 'd2', 'd3', 'd4']);
    expect(await kept(startMs + retentionMs + 1)).toEqual(['d2', 'd3', 'd4']);
    for (const day of [2, 3, 4]) {
      const next = threeDays.slice(day - 1).map(({ decisionId }) => decisionId);
      const end = startMs + (day + 1) * dayMs + retentionMs;
      expect(await kept(end - 1)).toContain(`d${day}`);
      expect(await kept(end)).toEqual(next);
    }
    const laterMs = startMs + 20 * dayMs;
    await store.sweep(laterMs);
    await store.recordDecisions([
      sampleDecision('now', { atMs: laterMs }),
      sampleDecision('soon', { atMs: laterMs + 1.5 * dayMs }),
    ]);
    expect(await tablesWith(url)).toHaveLength(2);
    expect(await tablesWith(url)).not.toContain('decisions_rest');
    const other = await open(url);
    await Promise.all([store, other].map(async (one) => one.sweep(laterMs + 3 * dayMs)));
    await other.close();
    await store.close();
  });

  it('are copied to a divided database and back, again and again', async () => {
    const from = await server.createDatabase(undivided);
    const to = await server.createDatabase(divided);
    const source = await open(from);
    await source.registerTask(sampleTask());
    await source.recordDecisions([sampleDecision('d0'), ...threeDays]);
    await source.close();
    const [one, other] = [
      await openTables({ kind: 'postgres', url: from }, 'writer'),
      await openTables({ kind: 'postgres', url: to }, 'writer'),
    ];
    for (const [giver, taker] of [
      [one, other],
      [one, other],
      [other, one],
    ] as const) {
      const copied = await copyTables(giver, taker);
      expect(copied.flatMap(({ differences }) => differences)).toEqual([]);
      expect(copied.find(({ table }) => table === 'decisions')?.rows).toBe(4);
    }
    await Promise.all([one.destroy(), other.destroy()]);
  });
});

describe('dividing', () => {
  it('loses and refuses nothing that is written meanwhile, and is done once', async () => {
    const url = await server.createDatabase(undivided);
    const stores = await Promise.all([open(url), open(url)]);
    const [first] = stores;
    await first?.registerTask(sampleTask());
    const done = new AbortController();
    let recorded = 0;
    const write = async (store: Store, writer: number): Promise<void> => {
      for (let n = 0; !done.signal.aborted || n < 20; n += 1) {
        const decision = sampleDecision(`w${writer}-${n}`, { atMs: startMs + n });
        await store.recordDecisions([decision]);
        recorded += 1;
        await store.recordFeedback([sampleFeedback(decision, { value: 1 })]);
      }
    };
    const writing = Promise.all(stores.map(write));
    expect(await partitionDecisions({ url, nowMs: startMs, retentionMs })).toBe(true);
    expect(await partitionDecisions({ url, nowMs: startMs, retentionMs })).toBe(false);
    done.abort();
    await writing;
    expect(await query(url, 'select count(*)::int from decisions')).toEqual([recorded]);
    expect((await first?.readTask('triage'))?.bandit.feedbacks).toBe(recorded);
    await Promise.all(stores.map(async (store) => store.close()));
  });

  it('may be broken off and begun again; what was left behind refuses nothing for long', async () => {
    const url = await server.createDatabase(undivided);
    await query(
      url,
      `alter table decisions add constraint decisions_before check (at_ms < ${startMs}) not valid`,
    );
    await query(url, 'create index decisions_before_key on decisions (at_ms)');
    const store = await open(url);
    await store.registerTask(sampleTask());
    await expect(store.recordDecisions(threeDays)).rejects.toThrow();
    await store.sweep(startMs);
    await store.recordDecisions(threeDays);
    expect(await partitionDecisions({ url, nowMs: startMs + 5 * dayMs, retentionMs })).toBe(true);
    expect(await query(url, 'select count(*)::int from decisions')).toEqual([3]);
    await store.close();
  });

  it('gives up where somebody holds the table for long, and has changed nothing then', async () => {
    const url = await server.createDatabase(undivided);
    const store = await open(url);
    await store.registerTask(sampleTask());
    const other = new Client({ connectionString: url });
    await other.connect();
    await other.query('begin; lock table decisions in access exclusive mode');
    await expect(
      partitionDecisions({ url, nowMs: startMs, retentionMs, lockTries: 2 }),
    ).rejects.toMatchObject({ code: 'store_unavailable', isRetryable: true });
    await other.query('rollback');
    await other.end();
    await store.recordDecisions(threeDays);
    expect(await tablesWith(url)).toEqual(['decisions']);
    await store.close();
  });
});
