import { Client } from 'pg';
import { banditFold } from '../../src/bandit/fold.ts';
import { createSystemRandom } from '../../src/runtime/system-random.ts';
import { partitionDecisions } from '../../src/store/kysely/partition-decisions.ts';
import { openPostgresStore } from '../../src/store/kysely/postgres-store.ts';
import { sampleDecision, sampleFeedback, sampleTask } from '../../src/store/samples.case.ts';
import type { Store } from '../../src/store/store.ts';
import { quantile } from '../statistics.ts';
import type { PostgresServer } from '../../test/integration/support/postgres.ts';

/** What retention costs, and what dividing the decisions costs everything else. */
export interface RetentionRun {
  readonly isDivided: boolean;
  /** Decisions past retention that went, and how long the sweeps and cleaning up behind them took, milliseconds. */
  readonly removed: number;
  readonly removalMs: number;
  readonly vacuumMs: number;
  /** Megabytes of write-ahead log that went with it. */
  readonly logMegabytes: number;
  /** In batches of a hundred, microseconds, at the median. */
  readonly recordingPerDecision: number;
  /** Of scores that come one after the other, microseconds, at the median. */
  readonly perFeedback: number;
}

const dayMs = 86_400_000;
const retentionDays = 10;
const batches = 30;
const batchSize = 100;
const scores = 500;
const textBytes = 2_000;

/** Fills a database with eleven days of decisions, and removes the first. */
export async function measureRetention(
  server: PostgresServer,
  rows: number,
  isDivided: boolean,
): Promise<RetentionRun> {
  const url = await server.createDatabase();
  const retentionMs = retentionDays * dayMs;
  const firstMs = Math.floor(Date.UTC(2026, 0, 1));
  const nowMs = firstMs + (retentionDays + 1) * dayMs;
  const settings = { fold: banditFold, clock: { now: () => nowMs }, random: createSystemRandom() };
  const store = await openPostgresStore({ ...settings, url, mode: 'writer', retentionMs });
  const client = new Client({ connectionString: url });
  await client.connect();
  await store.registerTask(sampleTask());
  if (isDivided) {
    await partitionDecisions({ url, retentionMs, nowMs: firstMs - dayMs });
    await store.sweep(nowMs - dayMs);
  }
  await fill(client, store, { rows, firstMs });
  await client.query('vacuum analyze decisions');
  const decisions = Array.from({ length: batches * batchSize }, (_, n) =>
    sampleDecision(`n${n}`, { atMs: nowMs }),
  );
  const recordingMs = await medianMs(batches, async (batch) =>
    store.recordDecisions(decisions.slice(batch * batchSize, (batch + 1) * batchSize)),
  );
  const feedbackMs = await medianMs(scores, async (n) => {
    const decision = decisions[n];
    if (decision !== undefined)
      await store.recordFeedback([sampleFeedback(decision, { value: 1 }, { atMs: nowMs })]);
  });
  const beganAt = performance.now();
  const logBefore = await logOf(client);
  let removed = 0;
  while ((await oldRows(client, nowMs - retentionMs)) > 0)
    removed += (await store.sweep(nowMs)).decisionsDeleted;
  const removedAt = performance.now();
  if (!isDivided) await client.query('vacuum decisions');
  const endedAt = performance.now();
  const logMegabytes = ((await logOf(client)) - logBefore) / 1e6;
  await client.end();
  await store.close();
  return {
    isDivided,
    removed,
    removalMs: removedAt - beganAt,
    vacuumMs: endedAt - removedAt,
    logMegabytes,
    recordingPerDecision: (recordingMs * 1_000) / batchSize,
    perFeedback: feedbackMs * 1_000,
  };
}

/** The time that the one in the middle took, since others share the machine. */
async function medianMs(count: number, work: (n: number) => Promise<unknown>): Promise<number> {
  const took: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const beganAt = performance.now();
    await work(n);
    took.push(performance.now() - beganAt);
  }
  return quantile(
    took.toSorted((one, other) => one - other),
    0.5,
  );
}

/** Copies one stored decision as often as needed, with ids and moments of their own. */
async function fill(
  client: Client,
  store: Store,
  { rows, firstMs }: { readonly rows: number; readonly firstMs: number },
): Promise<void> {
  await store.recordDecisions([sampleDecision('model', { atMs: firstMs })]);
  const { rows: columns } = await client.query<{ name: string }>(
    "select attname as name from pg_attribute where attrelid = 'decisions'::regclass and attnum > 0",
  );
  const value: Readonly<Record<string, string>> = {
    decision_id: "'f' || n",
    completion_id: "'chatcmpl-f' || n",
    episode_id: "'e' || n",
    input_hash: 'md5(n::text)',
    content: `content || repeat('x', ${textBytes})`,
    at_ms: `${firstMs} + (n::bigint * ${(retentionDays + 1) * dayMs}) / ${rows}`,
  };
  const names = columns.map(({ name }) => name);
  await client.query(
    `insert into decisions (${names.join(', ')}) select ${names.map((name) => value[name] ?? name).join(', ')}
     from decisions, generate_series(0, ${rows - 1}) as n where decision_id = 'model'`,
  );
}

async function oldRows(client: Client, beforeMs: number): Promise<number> {
  const statement =
    'select count(*)::int as count from (select 1 from decisions where at_ms < $1 limit 1) as old';
  return (await client.query<{ count: number }>(statement, [beforeMs])).rows[0]?.count ?? 0;
}

async function logOf(client: Client): Promise<number> {
  const { rows } = await client.query<{ bytes: string }>(
    "select pg_current_wal_insert_lsn() - '0/0'::pg_lsn as bytes",
  );
  return Number(rows[0]?.bytes ?? 0);
}
