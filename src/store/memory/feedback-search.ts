import type { FeedbackQuery, FeedbackRecord, FeedbackSearch } from '../feedback-search.ts';
import { feedbackRecord } from '../ledger/feedback-record.ts';
import { pairKey } from '../ledger/ledger.ts';
import type { FeedbackRow } from '../ledger/ledger-rows.ts';
import type { MemoryContext } from './context.ts';
import type { Tables } from './tables.ts';

const limitMax = 500;

/** The search for feedback in memory. */
export function memoryFeedbackSearch({ tables }: MemoryContext): FeedbackSearch {
  return {
    readFeedback: async (query) => {
      const limit = Math.min(query.limit, limitMax);
      if (limit <= 0) return { items: [], next: null };
      const all = [...tables.feedback.values()]
        .filter((row) => isMatch(tables, row, query))
        .map(feedbackRecord)
        .toSorted((one, other) => other.atMs - one.atMs || (one.feedbackId > other.feedbackId ? -1 : 1))
        .filter(({ atMs, feedbackId }) => isBeyond(atMs, feedbackId, query));
      const items = all.slice(0, limit);
      const last: FeedbackRecord | undefined = items.at(-1);
      const next = last === undefined ? null : { atMs: last.atMs, id: last.feedbackId };
      return { items, next: all.length > limit ? next : null };
    },
  };
}

function isBeyond(atMs: number, id: string, { from }: FeedbackQuery): boolean {
  return from === undefined || atMs < from.atMs || (atMs === from.atMs && id < from.id);
}

function isMatch(tables: Tables, { feedback, state }: FeedbackRow, query: FeedbackQuery): boolean {
  const { taskId, episodeId, decisionId, scope, afterMs = -Infinity, untilMs = Infinity } = query;
  const resolved = state.kind === 'resolved' ? state : null;
  const episodes =
    resolved === null ? [] : (tables.episodes.get(pairKey(resolved.scope, resolved.episodeId)) ?? []);
  const decision = resolved?.decision ?? null;
  const isOfTask =
    taskId === undefined ||
    (decision === null ? episodes.some((row) => row.taskId === taskId) : decision.taskId === taskId);
  return (
    isOfTask &&
    (episodeId === undefined || resolved?.episodeId === episodeId) &&
    (decisionId === undefined || decision?.decisionId === decisionId) &&
    (scope === undefined || feedback.scope === scope) &&
    feedback.atMs > afterMs &&
    feedback.atMs <= untilMs
  );
}
