import { closeWindows, tickRouting, windowsEndMs } from '../ledger/close-windows.ts';
import {
  closedPerTransactionMax,
  closingTransactionsMax,
  deletedPerSweepMax,
  horizonsOf,
  longestWindowMs,
  sweptTasksMax,
} from '../ledger/limits.ts';
import { openLedger, pairKey } from '../ledger/ledger.ts';
import type { EpisodeRow } from '../ledger/ledger-rows.ts';
import type { LedgerRules } from '../ledger/settle-episode.ts';
import type { Maintenance } from '../maintenance.ts';
import { dropDecisions } from './decision-index.ts';
import { applyLedger, ledgerSource, ledgerTask } from './ledger-source.ts';
import { dropChanges, dropEvidence, dropShadowRuns, expireFeedback, forgetText } from './retention.ts';
import type { MemoryContext } from './context.ts';
import { perTaskOf, type Tables } from './tables.ts';
import { dropTruths } from './truth-index.ts';

/** The sweep in memory. */
export function memoryMaintenance({ tables, rules, retentionMs }: MemoryContext): Maintenance {
  let sweptTasks = 0;
  return {
    sweep: async (nowMs) => {
      const taskIds = [...tables.tasks.keys()];
      const now = { ...rules(), nowMs };
      let windowsClosed = 0;
      for (const taskId of turn(taskIds, sweptTasks)) windowsClosed += sweepTask(tables, taskId, now);
      sweptTasks = taskIds.length === 0 ? 0 : (sweptTasks + sweptTasksMax) % taskIds.length;
      const windowMs = longestWindowMs([...tables.tasks.values()].map(({ task }) => task));
      const { pendingMs, contentMs, evidenceMs } = horizonsOf(nowMs, retentionMs, windowMs);
      const feedbackExpired = expireFeedback(tables, pendingMs);
      dropEvidence(tables, evidenceMs);
      dropChanges(tables, evidenceMs);
      dropTruths(tables, contentMs, deletedPerSweepMax);
      dropShadowRuns(tables, contentMs);
      if (evidenceMs < contentMs) forgetText(tables, contentMs);
      const decisionsDeleted = dropDecisions(tables, contentMs, deletedPerSweepMax);
      return { windowsClosed, feedbackExpired, decisionsDeleted };
    },
    ping: async () => {},
    close: async () => {},
  };
}

/** The next tasks in turn, each at most once. */
function turn(taskIds: readonly string[], from: number): readonly string[] {
  return [...taskIds.slice(from), ...taskIds.slice(0, from)].slice(0, sweptTasksMax);
}

function sweepTask(tables: Tables, taskId: string, rules: LedgerRules): number {
  let closed = 0;
  const ledger = openLedger(ledgerSource(tables));
  const task = ledgerTask(tables, taskId);
  if (task === undefined) return 0;
  const due = dueEpisodes(tables, taskId, windowsEndMs(task, rules.nowMs));
  closeWindows(ledger, task, due, rules);
  closed += due.filter(({ draw }) => draw !== null).length;
  tickRouting(ledger, ledger.task(taskId) ?? task, rules);
  applyLedger(tables, ledger.changes());
  return closed;
}

function dueEpisodes(tables: Tables, taskId: string, endMs: number): readonly EpisodeRow[] {
  return perTaskOf(tables, taskId)
    .openWindows.takeBefore(endMs, closedPerTransactionMax * closingTransactionsMax)
    .flatMap((entry) => {
      const rows = tables.episodes.get(pairKey(entry.scope, entry.episodeId)) ?? [];
      const row = rows.find((candidate) => candidate.taskId === taskId);
      const isCurrent = row?.draw?.decidedAtMs === entry.draw?.decidedAtMs && row?.isWindowClosed === false;
      return isCurrent ? [row] : [];
    });
}
