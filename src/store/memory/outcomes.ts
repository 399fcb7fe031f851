import { episodeValues } from '../ledger/episode-values.ts';
import { pairKey } from '../ledger/ledger.ts';
import type { EpisodeRow } from '../ledger/ledger-rows.ts';
import { meanValues } from '../ledger/mean-values.ts';
import { requestFacts, type RecordedRequest } from '../ledger/request-facts.ts';
import type { EpisodeOutcome, OutcomeQuery, OutcomeStore } from '../outcome-store.ts';
import type { MemoryContext } from './context.ts';
import type { Tables } from './tables.ts';

/** Outcomes in memory. */
export function memoryOutcomes({ tables }: MemoryContext): OutcomeStore {
  return {
    readEpisodeOutcomes: async (query) => {
      const { afterMs = -Infinity, untilMs = Infinity, order, limit } = query;
      const drawn = tables.perTask.get(query.taskId)?.drawn;
      if (drawn === undefined || limit <= 0) return [];
      const found: EpisodeOutcome[] = [];
      const entries =
        order === 'newest' ? drawn.newestFirst(afterMs, untilMs) : drawn.oldestFirst(afterMs, untilMs);
      for (const entry of entries) {
        const outcome = outcomeOf(tables, entry, query);
        if (outcome !== undefined) found.push(outcome);
        if (found.length >= limit) break;
      }
      return found;
    },
  };
}

function outcomeOf(tables: Tables, entry: EpisodeRow, query: OutcomeQuery): EpisodeOutcome | undefined {
  const { episodeId, scope, taskId } = entry;
  const key = pairKey(scope, episodeId);
  const episode = tables.episodes.get(key)?.find((row) => row.taskId === taskId);
  const draw = episode?.draw ?? null;
  if (episode === undefined || draw === null || draw.decidedAtMs !== entry.draw?.decidedAtMs)
    return undefined;
  const reward = episode.observed?.reward ?? null;
  if (draw.planVersion < (query.planVersionMin ?? 0)) return undefined;
  if (query.hasReward === true && reward === null) return undefined;
  if (query.isSettled === true && !episode.isWindowClosed) return undefined;
  const rows = [...(tables.episodeFeedback.get(key) ?? [])].flatMap((id) => tables.feedback.get(id) ?? []);
  const { variantId, propensity, planVersion, decidedAtMs } = draw;
  return {
    episodeId,
    variantId,
    propensity,
    planVersion,
    decidedAtMs,
    ...requestFacts(requestsOf(tables, key, taskId)),
    reward,
    values: meanValues(episodeValues(rows, taskId)),
  };
}

/** What was recorded of its requests, the first one first; of requests of one moment that with the lowest id. */
function requestsOf(tables: Tables, key: string, taskId: string): readonly RecordedRequest[] {
  return (tables.episodeDecisions.get(key) ?? [])
    .map(({ decision }) => decision)
    .filter((decision) => decision.taskId === taskId)
    .toSorted((one, other) => one.atMs - other.atMs || (one.decisionId < other.decisionId ? -1 : 1));
}
