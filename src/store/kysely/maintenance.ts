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
import type { KyselyContext, Read, Write } from './context.ts';
import { episodeRow } from './episode-columns.ts';
import { loadLedger } from './load-ledger.ts';
import { ledgerTaskOf, loadTasks } from './load-tasks.ts';
import { dropOld, expirePending, forgetText } from './retention.ts';
import { saveLedger } from './save-ledger.ts';

/** The sweep in a database. Between its transactions other work gets its turn. */
export function kyselyMaintenance(context: KyselyContext, close: () => Promise<void>): Maintenance {
  const { db, retentionMs, rules } = context;
  let lastTaskId = '';
  return {
    sweep: async (nowMs) => {
      const tasks = await nextTasks(db, lastTaskId);
      lastTaskId = tasks.length < sweptTasksMax ? '' : (tasks.at(-1)?.taskId ?? '');
      let windowsClosed = 0;
      for (const task of tasks) windowsClosed += await sweepTask(context, task, { ...rules(), nowMs });
      const horizons = horizonsOf(nowMs, retentionMs, await longestWindowMs(db));
      const feedbackExpired = await expirePending(db, horizons.pendingMs);
      const decisionsDeleted = await dropOld(db, horizons);
      if (horizons.evidenceMs < horizons.contentMs) await forgetText(db, horizons.contentMs);
      return { windowsClosed, feedbackExpired, decisionsDeleted };
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

async function nextTasks(db: Read, afterId: string): Promise<readonly LedgerTask[]> {
  const ids = await db
    .selectFrom('tasks')
    .select('id')
    .where('id', '>', afterId)
    .orderBy('id')
    .limit(sweptTasksMax)
    .execute();
  const tasks = await loadTasks(
    db,
    ids.map(({ id }) => id),
  );
  return tasks.map(ledgerTaskOf).toSorted((one, other) => (one.taskId < other.taskId ? -1 : 1));
}

async function sweepTask(
  { db, commit }: KyselyContext,
  task: LedgerTask,
  rules: LedgerRules,
): Promise<number> {
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
