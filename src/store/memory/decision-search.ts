import type { DecisionQuery, DecisionRecord, DecisionSearch } from '../decision-search.ts';
import type { MemoryContext } from './context.ts';
import type { DecisionRecord as Row } from './tables.ts';

const limitMax = 500;

/** The search for decisions in memory. */
export function memoryDecisionSearch({ tables }: MemoryContext): DecisionSearch {
  return {
    readDecisions: async (query) => {
      const limit = Math.min(query.limit, limitMax);
      const { afterMs = -Infinity, untilMs = Infinity, order } = query;
      const rows =
        order === 'newest'
          ? tables.decisionsByAge.newestFirst(afterMs, untilMs)
          : tables.decisionsByAge.oldestFirst(afterMs, untilMs);
      const items: DecisionRecord[] = [];
      if (limit <= 0) return { items, next: null };
      for (const row of rows) {
        if (!isMatch(row, query)) continue;
        const last = items.at(-1)?.decision;
        if (items.length === limit && last !== undefined)
          return { items, next: { atMs: last.atMs, id: last.decisionId } };
        items.push(recordOf(row, query));
      }
      return { items, next: null };
    },
    readAnswers: async (decisionIds) => {
      const wanted = new Set(decisionIds.slice(0, limitMax));
      return [...tables.shadowRuns.values()].filter(({ decisionId }) => wanted.has(decisionId));
    },
  };
}

function recordOf({ decision, reward, isOwnReward }: Row, { withText }: DecisionQuery): DecisionRecord {
  return {
    decision: withText ? decision : { ...decision, content: null },
    reward,
    isOwnReward,
    hasText: decision.content !== null,
  };
}

function isMatch({ decision, reward }: Row, query: DecisionQuery): boolean {
  const names = [
    'decisionId',
    'completionId',
    'episodeId',
    'taskId',
    'scope',
    'variantId',
    'segment',
  ] as const;
  const { attribution, hasReward, hasText } = query;
  return (
    names.every((name) => query[name] === undefined || query[name] === decision[name]) &&
    (attribution === undefined || decision.attribution === attribution) &&
    (hasReward === undefined || reward !== null) &&
    (hasText === undefined || decision.content !== null) &&
    isBeyond(decision, query)
  );
}

function isBeyond(
  { atMs, decisionId }: Row['decision'],
  { from, order }: Pick<DecisionQuery, 'from' | 'order'>,
): boolean {
  if (from === undefined) return true;
  const isLater = atMs > from.atMs || (atMs === from.atMs && decisionId > from.id);
  const isEarlier = atMs < from.atMs || (atMs === from.atMs && decisionId < from.id);
  return order === 'newest' ? isEarlier : isLater;
}
