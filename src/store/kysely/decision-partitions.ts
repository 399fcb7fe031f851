import { PostgresAdapter, sql } from 'kysely';
import type { Read } from './context.ts';

/** A division of the decisions: those until before a moment, milliseconds since the epoch. */
interface Partition {
  readonly name: string;
  readonly untilMs: number;
}

/** Divisions for each time of retention: what is past it stays for a tenth of it longer at most. */
const partitionsPerRetention = 10;

/** Divisions that are made before they are needed. */
const partitionsAhead = 2;

/** How long making and dropping may wait for others, milliseconds: while they wait, others wait for them. */
const lockMsMax = 1_000;

/** Names the advisory lock of whoever divides. */
export const dividingKey = 'ratchet: decisions are divided';

/** Width of the divisions that are made for a time of retention, milliseconds. */
export function partitionWidthMs(retentionMs: number): number {
  return Math.max(1, Math.ceil(retentionMs / partitionsPerRetention));
}

/** How far ahead divisions are made, milliseconds. */
export function aheadMs(widthMs: number): number {
  return partitionsAhead * widthMs;
}

/**
 * Statements that make divisions from a moment on, until they reach another. Each table is made by itself and then
 * attached, which locks nobody out of the others; it takes over what came before there was a place for it.
 */
export function partitionStatements(fromMs: number, untilMs: number, widthMs: number): readonly string[] {
  const statements: string[] = [];
  for (let startMs = fromMs; startMs < untilMs; startMs += widthMs) {
    const [name, endMs] = [`decisions_from_${startMs}`, startMs + widthMs];
    statements.push(
      `create table ${name} (like decisions including all)`,
      `with moved as (delete from decisions_rest where at_ms >= ${startMs} and at_ms < ${endMs} returning *)
         insert into ${name} select * from moved`,
      `alter table decisions attach partition ${name} for values from (${startMs}) to (${endMs})`,
    );
  }
  return statements;
}

/** The tables whose decisions go row by row: all of them, unless they are divided, which only PostgreSQL does. */
export async function undividedTables(db: Read): Promise<readonly string[]> {
  return (await arePartitioned(db)) ? ['decisions_before', 'decisions_rest'] : ['decisions'];
}

/** Whether the decisions are divided. */
export async function arePartitioned(db: Read): Promise<boolean> {
  if (!isServer(db)) return false;
  const { rows } =
    await sql`select 1 from pg_class where oid = 'decisions'::regclass and relkind = 'p'`.execute(db);
  return rows.length > 0;
}

/**
 * Makes the divisions that will be needed, and drops those of which everything is older than `oldestMs`. Returns about
 * how many decisions went with them. Of several that sweep at once one does it. Where the
 * decisions are not divided, a limit is taken away that somebody may have left behind who began to divide them.
 */
export async function keepPartitions(
  db: Read,
  {
    nowMs,
    retentionMs,
    oldestMs,
  }: { readonly nowMs: number; readonly retentionMs: number; readonly oldestMs: number },
): Promise<number> {
  if (!isServer(db)) return 0;
  if (!(await arePartitioned(db))) {
    await dropLeftLimit(db);
    return 0;
  }
  const partitions = await readPartitions(db);
  const widthMs = partitionWidthMs(retentionMs);
  const madeUntilMs = Math.max(...partitions.map(({ untilMs }) => untilMs));
  const neededUntilMs = nowMs + aheadMs(widthMs);
  const made = partitionStatements(Math.max(madeUntilMs, oldestMs), neededUntilMs, widthMs);
  const old = partitions.filter(({ untilMs, name }) => untilMs <= oldestMs && name !== 'decisions_before');
  if (made.length === 0 && old.length === 0) return 0;
  const rows = await estimateRows(db, old);
  const statements = [...made, ...old.map(({ name }) => `drop table ${name}`)];
  return db.transaction().execute(async (write) => {
    const lock = sql<{
      held: boolean;
    }>`select pg_try_advisory_xact_lock(hashtext('ratchet: partitions')) as held`;
    if ((await lock.execute(write)).rows[0]?.held !== true) return 0;
    await sql.raw(`set local lock_timeout = ${lockMsMax}`).execute(write);
    for (const statement of statements) await sql.raw(statement).execute(write);
    return rows;
  });
}

function isServer(db: Read): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter;
}

/** Nobody divides where nobody holds the lock; the limit would refuse decisions one day. */
async function dropLeftLimit(db: Read): Promise<void> {
  const { rows } = await sql`
    select 1 from pg_constraint where conname = 'decisions_before' and conrelid = 'decisions'::regclass`.execute(
    db,
  );
  if (rows.length === 0) return;
  await db.transaction().execute(async (write) => {
    const lock = sql<{ held: boolean }>`select pg_try_advisory_xact_lock(hashtext(${dividingKey})) as held`;
    if ((await lock.execute(write)).rows[0]?.held !== true) return;
    await sql`alter table decisions drop constraint if exists decisions_before`.execute(write);
  });
}

async function readPartitions(db: Read): Promise<readonly Partition[]> {
  const { rows } = await sql<{ name: string; bound: string }>`
    select c.relname as name, pg_get_expr(c.relpartbound, c.oid) as bound from pg_inherits i
      join pg_class c on c.oid = i.inhrelid where i.inhparent = 'decisions'::regclass`.execute(db);
  return rows.flatMap(({ name, bound }) => {
    const [, until] = /TO \('?(-?\d+)'?\)$/.exec(bound) ?? [];
    return until === undefined ? [] : [{ name, untilMs: Number(until) }];
  });
}

async function estimateRows(db: Read, partitions: readonly Partition[]): Promise<number> {
  if (partitions.length === 0) return 0;
  const names = sql.join(partitions.map(({ name }) => sql`${name}::regclass`));
  const { rows } = await sql<{ rows: number | string }>`
    select coalesce(sum(greatest(reltuples, 0)), 0) as rows from pg_class where oid in (${names})`.execute(
    db,
  );
  return Number(rows[0]?.rows ?? 0);
}
