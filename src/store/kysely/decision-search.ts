import { sql } from 'kysely';
import type { DecisionQuery, DecisionRecord, DecisionSearch } from '../decision-search.ts';
import type { Found, Place } from '../place.ts';
import { findAll, type KyselyContext, type Read } from './context.ts';
import { readRow, readSoundRows } from './damage.ts';
import { decisionOf, detailColumns, recordedColumns } from './decision-columns.ts';
import type { ShadowRun } from '../../domain/shadow-run.ts';

/** Rows that one reading looks through, so that none holds the thread up for long. */
const scannedMax = 1000;

/** Text that one reading gives, bytes. */
const textBytesMax = 8 * 1024 * 1024;

const limitMax = 500;

/** The search for decisions in a database: rows are looked through without their texts, those that match read whole. */
export function kyselyDecisionSearch({ db, onDamage }: KyselyContext): DecisionSearch {
  return {
    readDecisions: async (query) => {
      const { items: keys, next } = await matchingKeys(db, query);
      const records = await readRecords(db, keys, { withText: query.withText, onDamage });
      return { items: records, next };
    },
    readAnswers: async (decisionIds) => {
      const rows = await findAll(decisionIds.slice(0, limitMax), (chunk) =>
        db
          .selectFrom('shadow_runs')
          .select(['decision_id', 'run'])
          .where('decision_id', 'in', chunk)
          .execute(),
      );
      const read = ({ decision_id: key, run }: (typeof rows)[number]): ShadowRun =>
        readRow({ table: 'shadow_runs', key }, () => JSON.parse(run));
      // What cannot be read counts as not answered.
      return readSoundRows(rows, read, () => {});
    },
  };
}

/** A row as far as it is looked through. */
interface Light {
  readonly decision_id: string;
  readonly at_ms: number | string;
  readonly variant_id: string;
  readonly attribution: string;
  readonly scope: string;
  readonly reward: number | null;
  readonly details: string;
  readonly bytes: number | string | null;
}

async function matchingKeys(db: Read, query: DecisionQuery): Promise<Found<string>> {
  const limit = Math.min(query.limit, limitMax);
  if (limit <= 0) return { items: [], next: null };
  // Where every row matches, one more than asked for tells whether more follow.
  const scanned = isFiltered(query) ? scannedMax : Math.min(scannedMax, limit + 1);
  const rows = await scan(db, query, scanned);
  const found: string[] = [];
  let bytesLeft = textBytesMax;
  let last: Light | undefined;
  for (const row of rows) {
    if (isMatch(row, query)) {
      bytesLeft -= query.withText ? Number(row.bytes ?? 0) : 0;
      if (found.length === limit || (bytesLeft < 0 && found.length > 0))
        return { items: found, next: placeOf(last) };
      found.push(row.decision_id);
    }
    last = row;
  }
  return { items: found, next: rows.length < scanned ? null : placeOf(last) };
}

/** Whether rows are looked through for what no index tells. */
function isFiltered({ variantId, attribution, scope, segment, hasReward, hasText }: DecisionQuery): boolean {
  return [variantId, attribution, scope, segment, hasReward, hasText].some((wanted) => wanted !== undefined);
}

function placeOf(row: Light | undefined): Place | null {
  return row === undefined ? null : { atMs: Number(row.at_ms), id: row.decision_id };
}

function isMatch(row: Light, query: DecisionQuery): boolean {
  const { variantId, attribution, scope, segment, hasReward, hasText } = query;
  return (
    (variantId === undefined || row.variant_id === variantId) &&
    (attribution === undefined || row.attribution === attribution) &&
    (scope === undefined || row.scope === scope) &&
    (hasReward === undefined || row.reward !== null) &&
    (hasText === undefined || row.bytes !== null) &&
    (segment === undefined || segmentIn(row.details) === segment)
  );
}

function segmentIn(details: string): string | null {
  try {
    const { segment }: { readonly segment: string | null } = JSON.parse(details);
    return segment;
  } catch {
    return null;
  }
}

/** The first rows in order. A task's are in two indexes, those with text and those without, and are merged. */
async function scan(db: Read, query: DecisionQuery, limit: number): Promise<readonly Light[]> {
  const { taskId, decisionId, completionId, episodeId } = query;
  const isNamed = decisionId !== undefined || completionId !== undefined || episodeId !== undefined;
  const some = candidates(db, query).limit(limit);
  if (taskId === undefined || isNamed) return some.execute();
  const kept = await some.where('content', 'is not', null).execute();
  const bare = query.hasText === true ? [] : await some.where('content', 'is', null).execute();
  const direction = query.order === 'newest' ? -1 : 1;
  return [...kept, ...bare]
    .toSorted(
      (one, other) =>
        direction *
        (Number(one.at_ms) - Number(other.at_ms) || (one.decision_id < other.decision_id ? -1 : 1)),
    )
    .slice(0, limit);
}

function candidates(db: Read, query: DecisionQuery) {
  const { decisionId, completionId, episodeId, taskId, afterMs, untilMs, from, order } = query;
  const direction = order === 'newest' ? 'desc' : 'asc';
  const beyond = order === 'newest' ? '<' : '>';
  return db
    .selectFrom('decisions')
    .select(['decision_id', 'at_ms', 'variant_id', 'attribution', 'scope', 'reward', 'details'])
    .select(sql<number | string | null>`octet_length(content)`.as('bytes'))
    .$if(decisionId !== undefined, (found) => found.where('decision_id', '=', decisionId ?? ''))
    .$if(completionId !== undefined, (found) => found.where('completion_id', '=', completionId ?? ''))
    .$if(episodeId !== undefined, (found) => found.where('episode_id', '=', episodeId ?? ''))
    .$if(taskId !== undefined, (found) => found.where('task_id', '=', taskId ?? ''))
    .$if(afterMs !== undefined, (found) => found.where('at_ms', '>', afterMs ?? 0))
    .$if(untilMs !== undefined, (found) => found.where('at_ms', '<=', untilMs ?? 0))
    .$if(from !== undefined, (found) =>
      found.where((eb) =>
        eb.or([
          eb('at_ms', beyond, from?.atMs ?? 0),
          eb.and([eb('at_ms', '=', from?.atMs ?? 0), eb('decision_id', beyond, from?.id ?? '')]),
        ]),
      ),
    )
    .orderBy('at_ms', direction)
    .orderBy('decision_id', direction);
}

async function readRecords(
  db: Read,
  ids: readonly string[],
  { withText, onDamage }: { readonly withText: boolean } & Pick<KyselyContext, 'onDamage'>,
): Promise<readonly DecisionRecord[]> {
  const rows = await findAll(ids, (chunk) =>
    db
      .selectFrom('decisions')
      .select([...recordedColumns, ...detailColumns, 'reward', 'is_own_reward', 'has_expected'])
      .select((eb) => [
        withText ? eb.ref('content').as('content') : eb.val<string | null>(null).as('content'),
        eb('content', 'is not', null).as('has_text'),
      ])
      .where('decision_id', 'in', chunk)
      .execute(),
  );
  const byId = new Map(rows.map((row) => [row.decision_id, row]));
  const inOrder = ids.flatMap((id) => byId.get(id) ?? []);
  const read = ({ has_text: hasText, ...row }: (typeof rows)[number]): DecisionRecord => ({
    decision: decisionOf(row),
    reward: row.reward,
    isOwnReward: row.is_own_reward === 1,
    hasText: Boolean(hasText),
  });
  return readSoundRows(inOrder, read, ({ decision_id: key }) => onDamage({ table: 'decisions', key }));
}
