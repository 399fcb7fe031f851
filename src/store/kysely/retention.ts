import { sql } from 'kysely';
import { setImmediate } from 'node:timers/promises';
import { deletedPerSweepMax, type Horizons } from '../ledger/limits.ts';
import type { KyselyContext, Read } from './context.ts';
import { undividedTables } from './decision-partitions.ts';
import { isCorrupt } from './sqlite-failure.ts';

/** Rows that one transaction deletes or expires, so that none takes long. */
const rowsPerTransaction = 500;

type DropContext = Pick<KyselyContext, 'db' | 'onDamage'>;

/** Tables beside the decisions that are emptied from their old end, with the column that says how old a row is. */
const aged = [
  { table: 'shadow_runs', column: 'at_ms', horizon: 'contentMs' },
  { table: 'ground_truths', column: 'at_ms', horizon: 'contentMs' },
  { table: 'feedback', column: 'at_ms', horizon: 'evidenceMs' },
  { table: 'episodes', column: 'started_at_ms', horizon: 'evidenceMs' },
  { table: 'reward_events', column: 'at_ms', horizon: 'evidenceMs' },
  { table: 'changes', column: 'at_ms', horizon: 'evidenceMs' },
] as const;

/**
 * Deletes what is past its horizon, a bounded number of rows per table. Returns how many decisions went. A table with a
 * damaged page keeps what is old, and holds up no others.
 */
export async function dropOld({ db, onDamage }: DropContext, horizons: Horizons): Promise<number> {
  let decisions = 0;
  const ofDecisions = (await undividedTables(db)).map(
    (table) => ({ table, column: 'at_ms', horizon: 'contentMs' }) as const,
  );
  for (const { table, column, horizon } of [...ofDecisions, ...aged]) {
    const drop = async (): Promise<number> => {
      const oldest = sql.ref(column);
      const isOld = sql`${oldest} < ${horizons[horizon]}`;
      const isDropped = table === 'episodes' ? sql`${isOld} and ${isSilentSince(horizons[horizon])}` : isOld;
      return changedRows(
        db,
        sql`delete from ${sql.table(table)} where ${isDropped} and ${oldest} <= coalesce(
          (select ${oldest} from ${sql.table(table)} where ${isDropped}
           order by ${oldest} limit 1 offset ${rowsPerTransaction - 1}), ${horizons[horizon]})`,
      );
    };
    const dropped = await inPortions(drop).catch((error: unknown) => {
      if (!isCorrupt(error)) throw error;
      onDamage({ table, key: 'a page of it' });
      return 0;
    });
    if (table.startsWith('decisions')) decisions += dropped;
  }
  return decisions;
}

/** An episode with younger feedback has to be remembered: what has counted would count again with what comes next. */
function isSilentSince(atMs: number): ReturnType<typeof sql> {
  return sql`not exists (select 1 from feedback where feedback.episode_id = episodes.episode_id
    and feedback.episode_scope = episodes.scope and feedback.at_ms >= ${atMs})`;
}

/** Ends the waiting of feedback that was given before a moment. */
export async function expirePending(db: Read, beforeMs: number): Promise<number> {
  return inPortions(() =>
    changedRows(
      db,
      sql`update feedback set state = 'expired', waiting_task_id = null where feedback_id in (
        select feedback_id from feedback where state = 'pending' and at_ms < ${beforeMs}
        order by at_ms limit ${rowsPerTransaction})`,
    ),
  );
}

/** Takes the text out of feedback whose value may still be corrected but whose content is past retention. */
export async function forgetText(db: Read, beforeMs: number): Promise<void> {
  for (const column of ['comment', 'expected'].map((name) => sql.ref(name)))
    await inPortions(() =>
      changedRows(
        db,
        sql`update feedback set ${column} = null where feedback_id in (
          select feedback_id from feedback where ${column} is not null and at_ms < ${beforeMs}
          order by at_ms limit ${rowsPerTransaction})`,
      ),
    );
}

async function inPortions(change: () => Promise<number>): Promise<number> {
  let total = 0;
  while (total < deletedPerSweepMax) {
    const changed = await change();
    total += changed;
    if (changed < rowsPerTransaction) break;
    await setImmediate();
  }
  return total;
}

async function changedRows(db: Read, statement: ReturnType<typeof sql>): Promise<number> {
  const { numAffectedRows } = await statement.execute(db);
  return Number(numAffectedRows ?? 0);
}
