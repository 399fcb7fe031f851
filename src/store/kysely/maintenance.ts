import { sql } from 'kysely';
import { setImmediate } from 'node:timers/promises';
import { defaultTaskConfig } from '../../domain/task.ts';
import { closeWindows, tickRouting, windowsEndMs } from '../ledger/close-windows.ts';
import { openLedger } from '../ledger/ledger.ts';
import type { LedgerTask } from '../ledger/ledger-rows.ts';
import {
  closedPerTransactionMax,
  closingTransactionsMax,
  horizonsOf,
  sweptTasksMax,
} from '../ledger/limits.ts';
import { foldSettings, type LedgerRules } from '../ledger/settle-episode.ts';
import type { Maintenance } from '../maintenance.ts';
import { adoptWaiting, isAwaited } from './adopt-waiting.ts';
import type { KyselyContext, Read, Write } from './context.ts';
import { keepPartitions } from './decision-partitions.ts';
import { isDamage } from './damage.ts';
import { episodeRow } from './episode-columns.ts';
import { loadLedger } from './load-ledger.ts';
import { ledgerTaskOf, loadTasks } from './load-tasks.ts';
import { dropOld, expirePending, forgetText } from './retention.ts';
import { saveLedger } from './save-ledger.ts';
import { isCorrupt } from './sqlite-failure.ts';

/** The sweep in a database. Between its transactions other work gets its turn. */
export function kyselyMaintenance(context: KyselyContext, close: () => Promise<void>): Maintenance {
  const { db, retentionMs, rules } = context;
  let lastTaskId = '';
  return {
    sweep: async (nowMs) => {
      const taskIds = await nextTaskIds(db, lastTaskId);
      lastTaskId = taskIds.length < sweptTasksMax ? '' : (taskIds.at(-1) ?? '');
      const tasks = (await loadTasks(db, taskIds)).map(ledgerTaskOf);
      let windowsClosed = 0;
      for (const task of tasks) windowsClosed += await sweepSafely(context, task, { ...rules(), nowMs });
      const horizons = horizonsOf(nowMs, retentionMs, await longestWindowMs(db));
      const feedbackExpired = await expirePending(db, horizons.pendingMs);
      const decisionsDeleted = await dropOld(context, horizons);
      if (horizons.evidenceMs < horizons.contentMs) await forgetText(db, horizons.contentMs);
      const decisionsDropped = await keepPartitions(db, { nowMs, retentionMs, oldestMs: horizons.contentMs });
      return { windowsClosed, feedbackExpired, decisionsDeleted: decisionsDeleted + decisionsDropped };
    },
    ping: async () => {
      await db
        .updateTable('counters')
        .set({ value: sql<number>`value` })
        .where('name', '=', 'position')
        .execute();
    },
    close,
  };
}

/** A task with damaged rows or pages holds up no others. */
async function sweepSafely(context: KyselyContext, task: LedgerTask, rules: LedgerRules): Promise<number> {
  try {
    return await sweepTask(context, task, rules);
  } catch (error) {
    if (!isDamage(error) && !isCorrupt(error) && !(error instanceof RangeError)) throw error;
    context.onDamage({ table: isDamage(error) ? (error.param ?? 'tasks') : 'bandits', key: task.taskId });
    return 0;
  }
}

async function nextTaskIds(db: Read, afterId: string): Promise<readonly string[]> {
  const ids = await db
    .selectFrom('tasks')
    .select('id')
    .where('id', '>', afterId)
    .orderBy('id')
    .limit(sweptTasksMax)
    .execute();
  return ids.map(({ id }) => id);
}

async function sweepTask(
  { db, commit }: KyselyContext,
  task: LedgerTask,
  rules: LedgerRules,
): Promise<number> {
  if (await isAwaited(db, task.taskId))
    await commit(async (write) => adoptWaiting(write, task.taskId, rules));
  let closed = 0;
  for (let round = 0; round < closingTransactionsMax; round++) {
    const isTickDue =
      round === 0 && rules.fold.tick(task.bandit, foldSettings(task, rules.nowMs)) !== task.bandit;
    const due = await dueEpisodes(db, task, { nowMs: rules.nowMs, limit: 1 });
    if (due.length === 0 && !isTickDue) return closed;
    const closedNow = await commit(async (write) => closeSome(write, task.taskId, { rules, isTickDue }));
    closed += closedNow;
    if (closedNow < closedPerTransactionMax) return closed;
    await setImmediate();
  }
  return closed;
}

async function closeSome(
  write: Write,
  taskId: string,
  { rules, isTickDue }: { readonly rules: LedgerRules; readonly isTickDue: boolean },
): Promise<number> {
  const source = await loadLedger(write, {
    taskIds: [taskId],
    feedbackIds: [],
    names: [],
    episodeIds: [],
    decisionIds: [],
    hasTruth: false,
  });
  const ledger = openLedger(source);
  const task = ledger.task(taskId);
  if (task === undefined) return 0;
  const due = await dueEpisodes(write, task, { nowMs: rules.nowMs, limit: closedPerTransactionMax });
  closeWindows(ledger, task, due.map(episodeRow), rules);
  if (isTickDue) tickRouting(ledger, ledger.task(taskId) ?? task, rules);
  await saveLedger(write, source, ledger.changes());
  return due.length;
}

function dueEpisodes(
  db: Read,
  task: LedgerTask,
  { nowMs, limit }: { readonly nowMs: number; readonly limit: number },
) {
  return db
    .selectFrom('episodes')
    .selectAll()
    .where('task_id', '=', task.taskId)
    .where('is_window_closed', '=', sql.lit(0))
    .where('decided_at_ms', '<', windowsEndMs(task, nowMs))
    .orderBy('decided_at_ms')
    .limit(limit)
    .execute();
}

async function longestWindowMs(db: Read): Promise<number> {
  const row = await db
    .selectFrom('tasks')
    .select(({ fn }) => fn.max('attribution_window_ms').as('longest'))
    .executeTakeFirst();
  return Number(row?.longest ?? defaultTaskConfig.gate.attributionWindowMs);
}
