import type { EpisodeOutcome } from '../../store/outcome-store.ts';
import { findTask } from './find-task.ts';
import { operation, type Operation } from './operation.schema.ts';
import { taskParams } from './parts.schema.ts';
import { seriesQuery } from './queries.schema.ts';
import { seriesSchema, type SeriesBin, type SeriesPoint, type SeriesView } from './series.schema.ts';

/** Plans that are marked in it. */
const plansMax = 200;

/** Rewards and draws of each variant over time, with the changes of the plan. */
export const readSeries: Operation<SeriesView> = operation({
  id: 'readSeries',
  method: 'get',
  path: '/api/tasks/{task}/series',
  tag: 'Tasks',
  summary: 'Rewards and draws of each variant over time, with the changes of the plan',
  role: 'viewer',
  params: taskParams,
  query: seriesQuery,
  result: seriesSchema,
  handle: async ({ params: { task: taskId }, query: { since, bins, episodes } }, { store }) => {
    await findTask(store, taskId);
    const outcomes = await store.readEpisodeOutcomes({
      taskId,
      order: 'newest',
      limit: episodes,
      ...(since === undefined ? {} : { afterMs: since }),
    });
    const fromMs = outcomes.at(-1)?.decidedAtMs ?? 0;
    const plans = (await store.readPlans(taskId, plansMax)).filter(({ atMs }) => atMs >= fromMs);
    return {
      kind: 'value',
      value: {
        bins: binsOf(outcomes, bins),
        total: pointsOf(outcomes),
        plans: plans.map(({ version, atMs, cause }) => ({ version, atMs, cause: cause.kind })).toReversed(),
        isCut: outcomes.length === episodes,
      },
    };
  },
});

/** Rewards and shares of traffic over time. */
export const seriesOperations: readonly Operation[] = [readSeries];

/** Stretches of equal length from the first episode to the last; those without any are left out. */
function binsOf(outcomes: readonly EpisodeOutcome[], count: number): readonly SeriesBin[] {
  const times = outcomes.map(({ decidedAtMs }) => decidedAtMs);
  const first = times.reduce((least, atMs) => Math.min(least, atMs), Infinity);
  const last = times.reduce((most, atMs) => Math.max(most, atMs), -Infinity);
  if (outcomes.length === 0) return [];
  const lengthMs = Math.max(1, (last - first) / count);
  const byBin = Map.groupBy(outcomes, ({ decidedAtMs }) =>
    Math.min(count - 1, Math.floor((decidedAtMs - first) / lengthMs)),
  );
  return [...byBin]
    .toSorted(([one], [other]) => one - other)
    .map(([bin, inside]) => ({
      fromMs: Math.round(first + bin * lengthMs),
      untilMs: Math.round(first + (bin + 1) * lengthMs),
      arms: pointsOf(inside),
    }));
}

function pointsOf(outcomes: readonly EpisodeOutcome[]): readonly SeriesPoint[] {
  const byVariant = Map.groupBy(outcomes, ({ variantId }) => variantId);
  return [...byVariant]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([variantId, own]) => {
      const rewards = own.flatMap(({ reward }) => reward ?? []);
      return {
        variantId,
        episodes: own.length,
        rewarded: rewards.length,
        ...meanOf(rewards),
      };
    });
}

/** Mean ± 1.96 standard errors, kept inside [0, 1]. */
function meanOf(rewards: readonly number[]): Pick<SeriesPoint, 'mean' | 'low' | 'high'> {
  const count = rewards.length;
  if (count === 0) return { mean: null, low: null, high: null };
  const mean = rewards.reduce((sum, reward) => sum + reward, 0) / count;
  if (count === 1) return { mean, low: null, high: null };
  const variance = rewards.reduce((sum, reward) => sum + (reward - mean) ** 2, 0) / (count - 1);
  const half = 1.96 * Math.sqrt(variance / count);
  return { mean, low: Math.max(0, mean - half), high: Math.min(1, mean + half) };
}
