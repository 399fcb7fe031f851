import { setTimeout as delay } from 'node:timers/promises';
import { Client, DatabaseError, type QueryResultRow } from 'pg';
import { RatchetError } from '../../domain/ratchet-error.ts';
import { aheadMs, dividingKey, partitionStatements, partitionWidthMs } from './decision-partitions.ts';
import { withPostgresFailures } from './postgres-failure.ts';

/** What the decisions are divided for. */
export interface Partitioning {
  readonly url: string;
  readonly nowMs: number;
  readonly retentionMs: number;
  /** How often a lock is asked for, a second and a half each; default 30. */
  readonly lockTries?: number;
}

/** How long a lock is waited for each time, and the pause between, milliseconds. */
const lockTriesDefault = 30;
const lockMs = 1_000;
const pauseMs = 500;

/** How far ahead the division begins: what is stored until then goes to the table as it is, milliseconds. */
const leadMs = 86_400_000;

const lockNotAvailable = '55P03';

/**
 * Divides the table of decisions of a PostgreSQL database by time, so that the sweep may drop what is past retention
 * whole. Servers may use it meanwhile, if they are of a version that knows of divided tables: the long steps, an index
 * and a check of each row, lock nobody out, and what becomes one of the divisions is the table as it is. Resolves to
 * whether there was anything to do. Rejects with `store_unavailable` where that does not work; then nothing has changed,
 * and it may be tried again.
 */
export async function partitionDecisions(settings: Partitioning): Promise<boolean> {
  return withPostgresFailures(async () => {
    const client = new Client({ connectionString: settings.url, application_name: 'ratchet-partition' });
    client.on('error', () => {});
    await client.connect();
    try {
      return await divide(client, settings);
    } finally {
      await client.end();
    }
  });
}

async function divide(
  client: Client,
  { nowMs, retentionMs, lockTries = lockTriesDefault }: Partitioning,
): Promise<boolean> {
  await client.query(`set lock_timeout = ${lockMs}`);
  const ask = async <Row extends QueryResultRow>(statement: string): Promise<readonly Row[]> =>
    (await client.query<Row>(statement)).rows;
  const [lock] = await ask<{ held: boolean }>(
    `select pg_try_advisory_lock(hashtext('${dividingKey}')) as held`,
  );
  if (lock?.held !== true) throw unavailable('somebody else divides the decisions at the moment');
  const [table] = await ask<{ kind: string }>(
    "select relkind as kind from pg_class where oid = 'decisions'::regclass",
  );
  if (table?.kind === 'p') return false;

  const beginMs = nowMs + leadMs;
  const attempt = async (statement: string): Promise<void> =>
    onceLocked(lockTries, async () => client.query(statement));
  await attempt('drop index concurrently if exists decisions_before_key');
  await attempt('create unique index concurrently decisions_before_key on decisions (decision_id, at_ms)');
  await attempt('alter table decisions drop constraint if exists decisions_before');
  try {
    await attempt(
      `alter table decisions add constraint decisions_before check (at_ms < ${beginMs}) not valid`,
    );
    await attempt('alter table decisions validate constraint decisions_before');
    const indexes = await ask<{ name: string; definition: string }>(
      `select c.relname as name, pg_get_indexdef(c.oid) as definition from pg_index i
         join pg_class c on c.oid = i.indexrelid
       where i.indrelid = 'decisions'::regclass and not i.indisunique`,
    );
    const widthMs = partitionWidthMs(retentionMs);
    const swap = [
      'begin',
      'lock table decisions in access exclusive mode',
      'alter table decisions drop constraint decisions_key',
      'alter table decisions add primary key using index decisions_before_key',
      ...indexes.map(({ name }) => `alter index ${name} rename to before_${name}`),
      'alter table decisions rename to decisions_before',
      'create table decisions (like decisions_before including defaults) partition by range (at_ms)',
      'alter table decisions add constraint decisions_key primary key (decision_id, at_ms)',
      ...indexes.map(({ definition }) => definition),
      `alter table decisions attach partition decisions_before for values from (minvalue) to (${beginMs})`,
      'create table decisions_rest partition of decisions default',
      ...partitionStatements(beginMs, beginMs + aheadMs(widthMs), widthMs),
      'commit',
    ].join('; ');
    await onceLocked(lockTries, async () =>
      client.query(swap).catch(async (error) => rollBack(client, error)),
    );
  } catch (error) {
    await client.query('alter table decisions drop constraint if exists decisions_before').catch(() => {});
    throw error;
  }
  return true;
}

async function rollBack(client: Client, error: unknown): Promise<never> {
  await client.query('rollback');
  throw error;
}

/** A lock that others hold is asked for again and again, so that nobody has to wait behind the one who waits for it. */
async function onceLocked(triesMax: number, work: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await work();
      return;
    } catch (error) {
      const isLocked = error instanceof DatabaseError && error.code === lockNotAvailable;
      if (!isLocked || tries === triesMax) throw error;
      await delay(pauseMs);
    }
  }
}

function unavailable(message: string): RatchetError {
  return new RatchetError('store_unavailable', message, { isRetryable: true });
}
