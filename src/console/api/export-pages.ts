import type { DecisionQuery, DecisionRecord } from '../../store/decision-search.ts';
import type { EpisodeOutcome } from '../../store/outcome-store.ts';
import type { Place } from '../../store/place.ts';
import type { Store } from '../../store/store.ts';
import type { ExportQuery } from './export.schema.ts';

/** Items that are read at a time. */
const itemsMax = 500;

/** Every decision that matches, oldest first, a part at a time. */
export async function* decisionParts(
  store: Pick<Store, 'readDecisions'>,
  query: ExportQuery,
  wanted: Pick<DecisionQuery, 'withText' | 'hasText' | 'hasReward'>,
): AsyncGenerator<readonly DecisionRecord[]> {
  const { task: taskId, since, until } = query;
  let from: Place | null | undefined;
  do {
    const found: Awaited<ReturnType<typeof store.readDecisions>> = await store.readDecisions({
      ...wanted,
      taskId,
      order: 'oldest',
      limit: itemsMax,
      ...(since === undefined ? {} : { afterMs: since }),
      ...(until === undefined ? {} : { untilMs: until }),
      ...(from === undefined || from === null ? {} : { from }),
    });
    yield found.items;
    from = found.next;
  } while (from !== null);
}

/**
 * Every drawn episode that matches, oldest first, a part at a time. A part that is full ends before its last moment,
 * since more episodes of that moment may follow; where all of it is one moment, more is read.
 */
export async function* episodeParts(
  store: Pick<Store, 'readEpisodeOutcomes'>,
  { task: taskId, since, until }: ExportQuery,
): AsyncGenerator<readonly EpisodeOutcome[]> {
  let afterMs = since;
  for (let limit = itemsMax; ;) {
    const outcomes = await store.readEpisodeOutcomes({
      taskId,
      order: 'oldest',
      limit,
      ...(afterMs === undefined ? {} : { afterMs }),
      ...(until === undefined ? {} : { untilMs: until }),
    });
    if (outcomes.length < limit) {
      yield outcomes;
      return;
    }
    const last = outcomes.at(-1)?.decidedAtMs;
    const whole = outcomes.filter(({ decidedAtMs }) => decidedAtMs !== last);
    const end = whole.at(-1)?.decidedAtMs;
    if (end === undefined) {
      limit *= 2;
      continue;
    }
    yield whole;
    afterMs = end;
    limit = itemsMax;
  }
}
