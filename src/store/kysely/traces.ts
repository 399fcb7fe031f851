import { sql } from 'kysely';
import type { Trace } from '../../domain/trace.ts';
import type { TraceQuery, TraceStore } from '../trace-store.ts';
import { findAll, type KyselyContext, type Read } from './context.ts';
import { readSoundRows } from './damage.ts';
import { decisionOf } from './decision-columns.ts';

/** Text that is read at a time, bytes: whoever reads takes several times as much memory to work with it. */
const textBytesMax = 32 * 1024 * 1024;

/** Traces in a database. Of what matches, as many are read as have 32 MiB of text; at least one. */
export function kyselyTraces(
  { db, onDamage }: Pick<KyselyContext, 'db' | 'onDamage'>,
  bytesMax: number = textBytesMax,
): TraceStore {
  return {
    readTraces: async (query) => {
      if (query.limit <= 0 || query.decisionIds?.length === 0) return [];
      const rows = await selectTraces(db, { ...query, limit: await fitting(db, query, bytesMax) }).execute();
      const comments = await readComments(
        db,
        rows.map(({ episode_id: episodeId }) => episodeId),
      );
      const read = ({
        own_expected: own,
        input_expected: ofInput,
        ...columns
      }: (typeof rows)[number]): Trace => ({
        decision: decisionOf(columns),
        reward: columns.reward,
        comments: comments
          .filter(
            ({ scope, episodeId, decisionId }) =>
              scope === columns.scope &&
              episodeId === columns.episode_id &&
              (decisionId === null || decisionId === columns.decision_id),
          )
          .map(({ comment }) => comment),
        expected: own ?? ofInput,
      });
      const traces = readSoundRows(rows, read, ({ decision_id: key }) =>
        onDamage({ table: 'decisions', key }),
      );
      // Ground truth may have passed its retention before the decision that it is about.
      return query.hasExpected === true ? traces.filter(({ expected }) => expected !== null) : traces;
    },
  };
}

/** How many of the traces that match may be read at once. */
async function fitting(db: Read, query: TraceQuery, bytesMax: number): Promise<number> {
  const rows = await matching(db, query)
    .select(sql<number | string>`octet_length(content)`.as('bytes'))
    .execute();
  let left = bytesMax;
  const first = rows.findIndex(({ bytes }) => {
    left -= Number(bytes);
    return left < 0;
  });
  return first === -1 ? query.limit : Math.max(1, first);
}

function selectTraces(db: Read, query: TraceQuery) {
  return matching(db, query)
    .selectAll('decisions')
    .select((eb) => [
      eb
        .selectFrom('ground_truths')
        .select('expected')
        .whereRef('ground_truths.decision_id', '=', 'decisions.decision_id')
        .orderBy('ground_truths.at_ms', 'desc')
        .orderBy('feedback_id', 'desc')
        .limit(1)
        .as('own_expected'),
      eb
        .selectFrom('ground_truths')
        .select('expected')
        .whereRef('ground_truths.task_id', '=', 'decisions.task_id')
        .whereRef('ground_truths.input_hash', '=', 'decisions.input_hash')
        .orderBy('ground_truths.at_ms', 'desc')
        .orderBy('feedback_id', 'desc')
        .limit(1)
        .as('input_expected'),
    ]);
}

function matching(db: Read, query: TraceQuery) {
  const { afterMs, untilMs, baselineVersion, hasReward, hasExpected, decisionIds } = query;
  const campaignIds = [query.notPairedIn ?? []].flat();
  const direction = query.order === 'newest' ? 'desc' : 'asc';
  return (
    db
      .selectFrom('decisions')
      .where('task_id', '=', query.taskId)
      .$if(decisionIds === undefined, (found) => found.where('content', 'is not', null))
      .$if(decisionIds !== undefined, (found) => found.where('decision_id', 'in', decisionIds ?? []))
      .$if(afterMs !== undefined, (found) => found.where('at_ms', '>', afterMs ?? 0))
      .$if(untilMs !== undefined, (found) => found.where('at_ms', '<=', untilMs ?? 0))
      .$if(baselineVersion !== undefined, (found) =>
        found.where('baseline_version', '=', baselineVersion ?? 0),
      )
      .$if(hasReward !== undefined, (found) =>
        found.where('reward', hasReward === true ? 'is not' : 'is', null),
      )
      // Written as literals, since a partial index serves only conditions that are known when a statement is prepared.
      .$if(hasExpected !== undefined, (found) =>
        found.where('has_expected', '=', sql.lit(hasExpected === true ? 1 : 0)),
      )
      .$if(campaignIds.length > 0, (found) =>
        found.where((eb) =>
          eb.not(
            eb.exists(
              eb
                .selectFrom('pairs')
                .select('unit_id')
                .where('campaign_id', 'in', campaignIds)
                .whereRef('unit_id', '=', 'decisions.episode_id'),
            ),
          ),
        ),
      )
      .orderBy('at_ms', direction)
      .orderBy('decision_id', direction)
      .limit(query.limit)
  );
}

interface Comment {
  readonly scope: string | null;
  readonly episodeId: string | null;
  readonly decisionId: string | null;
  readonly comment: string;
  readonly arrival: number;
}

async function readComments(db: Read, episodeIds: readonly string[]): Promise<readonly Comment[]> {
  const rows = await findAll(episodeIds, (chunk) =>
    db
      .selectFrom('feedback')
      .select(['episode_scope', 'episode_id', 'decision_id', 'comment', 'arrival'])
      .where('episode_id', 'in', chunk)
      .where('comment', 'is not', null)
      .execute(),
  );
  return rows
    .map((row) => ({
      scope: row.episode_scope,
      episodeId: row.episode_id,
      decisionId: row.decision_id,
      comment: row.comment ?? '',
      arrival: Number(row.arrival),
    }))
    .toSorted((one, other) => one.arrival - other.arrival);
}
