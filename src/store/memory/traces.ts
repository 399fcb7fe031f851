import type { Trace } from '../../domain/trace.ts';
import { pairKey } from '../ledger/ledger.ts';
import type { TraceQuery, TraceStore } from '../trace-store.ts';
import type { MemoryContext } from './context.ts';
import type { DecisionRecord, PerTask, Tables } from './tables.ts';
import { truthOf } from './truth-index.ts';

/** Traces in memory. */
export function memoryTraces({ tables }: MemoryContext): TraceStore {
  return {
    readTraces: async (query) => {
      const perTask = tables.perTask.get(query.taskId);
      if (perTask === undefined) return [];
      const found: Trace[] = [];
      if (query.limit <= 0) return found;
      for (const record of walk(tables, perTask, query)) {
        const trace = matchingTrace(tables, record, query);
        if (trace !== undefined) found.push(trace);
        if (found.length >= query.limit) break;
      }
      return found;
    },
  };
}

/** The shortest list that holds all matches. */
function walk(tables: Tables, perTask: PerTask, query: TraceQuery): Iterable<DecisionRecord> {
  if (query.decisionIds !== undefined) return named(tables, query, query.decisionIds);
  const list =
    query.hasExpected === true
      ? perTask.withTruth
      : query.hasReward === true
        ? perTask.rewarded
        : perTask.traces;
  const { afterMs = -Infinity, untilMs = Infinity } = query;
  return query.order === 'newest' ? list.newestFirst(afterMs, untilMs) : list.oldestFirst(afterMs, untilMs);
}

/** The decisions of these names in the order that is asked for. */
function named(
  tables: Tables,
  { taskId, order, afterMs = -Infinity, untilMs = Infinity }: TraceQuery,
  decisionIds: readonly string[],
): readonly DecisionRecord[] {
  const found = [...new Set(decisionIds)]
    .flatMap((id) => tables.decisions.get(id) ?? [])
    .filter(({ decision }) => decision.taskId === taskId)
    .filter(({ decision: { atMs } }) => atMs > afterMs && atMs <= untilMs)
    .toSorted(
      ({ decision: one }, { decision: other }) =>
        one.atMs - other.atMs || (one.decisionId < other.decisionId ? -1 : 1),
    );
  return order === 'newest' ? found.toReversed() : found;
}

function matchingTrace(tables: Tables, record: DecisionRecord, query: TraceQuery): Trace | undefined {
  const { decision, reward } = record;
  const { baselineVersion, hasReward, hasExpected } = query;
  const campaignIds = [query.notPairedIn ?? []].flat();
  // Its text was forgotten.
  if (decision.content === null && query.decisionIds === undefined) return undefined;
  if (baselineVersion !== undefined && decision.baselineVersion !== baselineVersion) return undefined;
  if (hasReward !== undefined && (reward !== null) !== hasReward) return undefined;
  if (campaignIds.some((id) => tables.pairs.get(id)?.has(decision.episodeId) === true)) return undefined;
  const expected = truthOf(tables, record);
  if (hasExpected !== undefined && (expected !== null) !== hasExpected) return undefined;
  return { decision, reward, comments: commentsOn(tables, record), expected };
}

function commentsOn(tables: Tables, { decision }: DecisionRecord): readonly string[] {
  const ids = tables.episodeFeedback.get(pairKey(decision.scope, decision.episodeId)) ?? [];
  return [...ids]
    .flatMap((id) => tables.feedback.get(id) ?? [])
    .filter(
      ({ state }) =>
        state.kind === 'resolved' &&
        (state.decision === null || state.decision.decisionId === decision.decisionId),
    )
    .toSorted((one, other) => one.arrival - other.arrival)
    .flatMap(({ feedback }) => feedback.body.comment ?? []);
}
