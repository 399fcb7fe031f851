import { PostgresAdapter, sql } from 'kysely';
import type { Read, Write } from './context.ts';

export type CounterName = 'sequence' | 'position';

/**
 * The value of the sequence, locked until the transaction ends. Whatever reads before it writes begins with this, so
 * that on either engine its reads stay true and reward events become visible in their order.
 */
export async function lockSequence(write: Write): Promise<number> {
  const row = await write
    .updateTable('counters')
    .set({ value: sql<number>`value` })
    .where('name', '=', 'sequence')
    .returning('value')
    .executeTakeFirstOrThrow();
  return Number(row.value);
}

/** Raises a counter and returns its new value. */
export async function nextOf(write: Write, name: CounterName): Promise<number> {
  const row = await write
    .updateTable('counters')
    .set({ value: sql<number>`value + 1` })
    .where('name', '=', name)
    .returning('value')
    .executeTakeFirstOrThrow();
  return Number(row.value);
}

/** Where a PostgreSQL server tells of new revisions. */
export const changeChannel = 'ratchet_changes';

/**
 * Raises the revision of the snapshot and returns its new value. On a server everybody who listens is told of it when
 * the transaction commits, and not before.
 */
export async function nextRevision(write: Write): Promise<number> {
  const raised = write
    .updateTable('counters')
    .set({ value: sql<number>`value + 1` })
    .where('name', '=', 'revision')
    .returning('value');
  const isOnServer = write.getExecutor().adapter instanceof PostgresAdapter;
  const told = raised.returning(sql`pg_notify(${changeChannel}, value::text)`.as('told'));
  return Number((await (isOnServer ? told : raised).executeTakeFirstOrThrow()).value);
}

/** The newest revision of the snapshot. */
export async function readRevision(db: Read): Promise<number> {
  const row = await db
    .selectFrom('counters')
    .select('value')
    .where('name', '=', 'revision')
    .executeTakeFirstOrThrow();
  return Number(row.value);
}
