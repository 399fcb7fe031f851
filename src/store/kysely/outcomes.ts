import { sql } from 'kysely';
import { pairKey } from '../ledger/ledger.ts';
import { episodeValues } from '../ledger/episode-values.ts';
import { meanValues } from '../ledger/mean-values.ts';
import { requestFacts, type RecordedRequest } from '../ledger/request-facts.ts';
import type { EpisodeOutcome, OutcomeQuery, OutcomeStore } from '../outcome-store.ts';
import { findAll, type KyselyContext, type Read } from './context.ts';
import { feedbackRow } from './feedback-columns.ts';

/** Outcomes in a database. */
export function kyselyOutcomes({ db }: Pick<KyselyContext, 'db'>): OutcomeStore {
  return {
    readEpisodeOutcomes: async (query) => {
      if (query.limit <= 0) return [];
      const episodes = await matching(db, query).execute();
      const ids = episodes.map(({ episode_id: episodeId }) => episodeId);
      const requests = await readRequests(db, query.taskId, ids);
      const values = await readValues(db, query.taskId, ids);
      return episodes.flatMap((episode): EpisodeOutcome[] => {
        const { episode_id: episodeId, scope, variant_id: variantId, propensity } = episode;
        const { plan_version: planVersion, decided_at_ms: decidedAtMs } = episode;
        if (variantId === null || propensity === null || planVersion === null || decidedAtMs === null)
          return [];
        const key = pairKey(scope, episodeId);
        return [
          {
            episodeId,
            variantId,
            propensity,
            planVersion: Number(planVersion),
            decidedAtMs: Number(decidedAtMs),
            ...requestFacts(requests.get(key) ?? []),
            reward: episode.reward,
            values: values.get(key) ?? {},
          },
        ];
      });
    },
  };
}

function matching(db: Read, query: OutcomeQuery) {
  const { afterMs, untilMs, planVersionMin, hasReward, isSettled } = query;
  const direction = query.order === 'newest' ? 'desc' : 'asc';
  return (
    db
      .selectFrom('episodes')
      .select(['episode_id', 'scope', 'variant_id', 'propensity', 'plan_version', 'decided_at_ms', 'reward'])
      .where('task_id', '=', query.taskId)
      // Serves the partial index too.
      .where('decided_at_ms', 'is not', null)
      .$if(afterMs !== undefined, (found) => found.where('decided_at_ms', '>', afterMs ?? 0))
      .$if(untilMs !== undefined, (found) => found.where('decided_at_ms', '<=', untilMs ?? 0))
      .$if(planVersionMin !== undefined, (found) => found.where('plan_version', '>=', planVersionMin ?? 0))
      .$if(hasReward === true, (found) => found.where('reward', 'is not', null))
      .$if(isSettled === true, (found) => found.where('is_window_closed', '=', sql.lit(1)))
      .orderBy('decided_at_ms', direction)
      .orderBy('episode_id', direction)
      .orderBy('scope', direction)
      .limit(query.limit)
  );
}

/** What was recorded of each episode's requests, in their order, by scope and episode. */
async function readRequests(
  db: Read,
  taskId: string,
  episodeIds: readonly string[],
): Promise<ReadonlyMap<string, readonly RecordedRequest[]>> {
  const rows = await findAll(episodeIds, (chunk) =>
    db
      .selectFrom('decisions')
      .select(['scope', 'episode_id', 'details'])
      .where('episode_id', 'in', chunk)
      .where('task_id', '=', taskId)
      .orderBy('at_ms')
      .orderBy('decision_id')
      .execute(),
  );
  const byEpisode = Map.groupBy(rows, ({ scope, episode_id: episodeId }) => pairKey(scope, episodeId));
  return new Map([...byEpisode].map(([key, all]) => [key, all.flatMap(({ details }) => requestOf(details))]));
}

/** Details that cannot be read tell nothing. */
function requestOf(details: string): readonly RecordedRequest[] {
  try {
    const request: RecordedRequest = JSON.parse(details);
    return Number.isFinite(request.status) && Number.isFinite(request.latencyMs) ? [request] : [];
  } catch {
    return [];
  }
}

async function readValues(
  db: Read,
  taskId: string,
  episodeIds: readonly string[],
): Promise<ReadonlyMap<string, Readonly<Record<string, number>>>> {
  const columns = await findAll(episodeIds, (chunk) =>
    db
      .selectFrom('feedback')
      .selectAll()
      .where('episode_id', 'in', chunk)
      .where('counted_metric', 'is not', null)
      .execute(),
  );
  const byEpisode = Map.groupBy(columns, ({ episode_scope: scope, episode_id: episodeId }) =>
    pairKey(scope ?? '', episodeId ?? ''),
  );
  return new Map(
    [...byEpisode].map(([key, rows]) => [key, meanValues(episodeValues(rows.map(feedbackRow), taskId))]),
  );
}
