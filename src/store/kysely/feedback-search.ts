import { pairKey } from '../ledger/ledger.ts';
import { feedbackRecord } from '../ledger/feedback-record.ts';
import type { FeedbackQuery, FeedbackSearch } from '../feedback-search.ts';
import { findAll, type KyselyContext, type Read } from './context.ts';
import { feedbackRow } from './feedback-columns.ts';
import type { FeedbackColumns } from './schema.ts';

/** Rows that one reading looks at. */
const scannedMax = 2000;
const limitMax = 500;

/** The search for feedback in a database. */
export function kyselyFeedbackSearch({ db }: KyselyContext): FeedbackSearch {
  return {
    readFeedback: async (query) => {
      const limit = Math.min(query.limit, limitMax);
      if (limit <= 0) return { items: [], next: null };
      const rows = await candidates(db, query).execute();
      const isOfTask = query.taskId === undefined ? () => true : await taskTest(db, rows, query.taskId);
      const found: FeedbackColumns[] = [];
      let last: FeedbackColumns | undefined;
      for (const row of rows) {
        if (isOfTask(row)) {
          if (found.length === limit) return { items: found.map(recordOf), next: placeOf(last) };
          found.push(row);
        }
        last = row;
      }
      return { items: found.map(recordOf), next: rows.length < scannedMax ? null : placeOf(last) };
    },
  };
}

function recordOf(columns: FeedbackColumns): ReturnType<typeof feedbackRecord> {
  return feedbackRecord(feedbackRow(columns));
}

function placeOf(row: FeedbackColumns | undefined): { readonly atMs: number; readonly id: string } | null {
  return row === undefined ? null : { atMs: Number(row.at_ms), id: row.feedback_id };
}

/** Whether feedback is about a task: its decision is, or its episode has requests of it. */
async function taskTest(
  db: Read,
  rows: readonly FeedbackColumns[],
  taskId: string,
): Promise<(row: FeedbackColumns) => boolean> {
  const open = rows.flatMap((row) => (row.decision_task_id === null ? (row.episode_id ?? []) : []));
  const episodes = await findAll(open, (chunk) =>
    db
      .selectFrom('episodes')
      .select(['episode_id', 'scope'])
      .where('episode_id', 'in', chunk)
      .where('task_id', '=', taskId)
      .execute(),
  );
  const known = new Set(episodes.map(({ scope, episode_id: episodeId }) => pairKey(scope, episodeId)));
  return (row) =>
    row.decision_task_id === null
      ? known.has(pairKey(row.episode_scope ?? '', row.episode_id ?? ''))
      : row.decision_task_id === taskId;
}

function candidates(db: Read, query: FeedbackQuery) {
  const { episodeId, decisionId, scope, afterMs, untilMs, from } = query;
  return db
    .selectFrom('feedback')
    .selectAll()
    .$if(episodeId !== undefined, (found) => found.where('episode_id', '=', episodeId ?? ''))
    .$if(decisionId !== undefined, (found) => found.where('decision_id', '=', decisionId ?? ''))
    .$if(scope !== undefined, (found) => found.where('scope', '=', scope ?? ''))
    .$if(afterMs !== undefined, (found) => found.where('at_ms', '>', afterMs ?? 0))
    .$if(untilMs !== undefined, (found) => found.where('at_ms', '<=', untilMs ?? 0))
    .$if(from !== undefined, (found) =>
      found.where((eb) =>
        eb.or([
          eb('at_ms', '<', from?.atMs ?? 0),
          eb.and([eb('at_ms', '=', from?.atMs ?? 0), eb('feedback_id', '<', from?.id ?? '')]),
        ]),
      ),
    )
    .orderBy('at_ms', 'desc')
    .orderBy('feedback_id', 'desc')
    .limit(scannedMax);
}
