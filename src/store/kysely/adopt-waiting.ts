import { sql } from 'kysely';
import { adoptTask } from '../ledger/adopt-decisions.ts';
import { openLedger } from '../ledger/ledger.ts';
import type { LedgerRules } from '../ledger/settle-episode.ts';
import type { Read, Write } from './context.ts';
import { episodeRow } from './episode-columns.ts';
import { feedbackRow } from './feedback-columns.ts';
import { loadLedger } from './load-ledger.ts';
import { saveLedger } from './save-ledger.ts';

/** Decisions and feedback may be stored before their task; they count from now on. */
export async function adoptWaiting(write: Write, taskId: string, rules: LedgerRules): Promise<void> {
  const waiting = await write
    .selectFrom('feedback')
    .selectAll()
    .where('waiting_task_id', '=', taskId)
    .where('state', '=', sql.lit('pending'))
    .execute();
  const episodes = await write
    .selectFrom('episodes')
    .selectAll()
    .where('task_id', '=', taskId)
    .where('is_window_closed', '=', sql.lit(0))
    .where('decided_at_ms', 'is not', null)
    .execute();
  if (waiting.length === 0 && episodes.length === 0) return;
  const rows = waiting.map(feedbackRow);
  const source = await loadLedger(write, {
    taskIds: [taskId],
    feedbackIds: rows.map(({ feedbackId }) => feedbackId),
    names: [
      ...rows.flatMap(({ feedback: { target } }) => (target.kind === 'name' ? [target.name] : [])),
      ...episodes.map(({ episode_id: episodeId }) => episodeId),
    ],
    episodeIds: [],
    decisionIds: [],
    hasTruth: false,
  });
  const ledger = openLedger(source);
  adoptTask(ledger, rows, episodes.map(episodeRow), rules);
  await saveLedger(write, source, ledger.changes());
}

/** Whether feedback waits for a task: for one that came later, or could not be read for a while. */
export async function isAwaited(db: Read, taskId: string): Promise<boolean> {
  const waiting = await db
    .selectFrom('feedback')
    .select('feedback_id')
    .where('waiting_task_id', '=', taskId)
    .where('state', '=', sql.lit('pending'))
    .limit(1)
    .executeTakeFirst();
  return waiting !== undefined;
}
