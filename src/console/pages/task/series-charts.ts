import { baselineVariantId } from '../../../domain/variant.ts';
import type { SeriesPoint, SeriesView } from '../../api/series.schema.ts';
import { wilson } from '../../wilson.ts';
import { coloursMax, type Chart, type ChartLine } from './chart.ts';

/** Rewards that make a point of a line, so that a variant with little traffic is not drawn as noise. */
const rewardsPerPoint = 40;

/** Points that a variant with few rewards still has. */
const pointsMin = 6;

/** Whose lines are drawn, and what they are called. */
export interface SeriesNames {
  readonly incumbentId: string;
  readonly nameOf: (variantId: string) => string;
}

/** Reward of each variant over time, with 95 % intervals of one look and the changes of the plan. */
export function rewardChart(series: SeriesView, names: SeriesNames): Chart {
  const lines = drawnIds(series, names).map((variantId, colour): ChartLine => {
    const pooled = pool(series.bins.map(({ arms }) => arms.find((arm) => arm.variantId === variantId)));
    return {
      name: names.nameOf(variantId),
      colour,
      middle: pooled.map((point) => point?.mean ?? null),
      low: pooled.map((point) => point?.low ?? null),
      high: pooled.map((point) => point?.high ?? null),
    };
  });
  const known = lines.flatMap(({ middle }) => middle).filter((value) => value !== null);
  const low = Math.max(0, Math.floor((Math.min(...known, 1) - 0.1) * 10) / 10);
  const high = Math.min(1, Math.ceil((Math.max(...known, 0) + 0.1) * 10) / 10);
  const range: Chart['range'] = known.length === 0 ? [0, 1] : [low, high];
  return { title: 'Reward over time', ...frame(series), lines, range, unit: 'value' };
}

/** Share of new conversations that each variant got over time. */
export function shareChart(series: SeriesView, names: SeriesNames): Chart {
  const lines = drawnIds(series, names).map((variantId, colour): ChartLine => ({
    name: names.nameOf(variantId),
    colour,
    middle: series.bins.map(({ arms }) => {
      const all = arms.reduce((sum, { episodes }) => sum + episodes, 0);
      return (arms.find((arm) => arm.variantId === variantId)?.episodes ?? 0) / Math.max(1, all);
    }),
  }));
  return { title: 'Share of traffic over time', ...frame(series), lines, range: [0, 1], unit: 'percent' };
}

function frame({ bins, plans }: SeriesView): Pick<Chart, 'timesMs' | 'marks'> {
  return {
    timesMs: bins.map(({ fromMs, untilMs }) => (fromMs + untilMs) / 2),
    marks: plans.map(({ atMs, version }) => ({ atMs, label: String(version) })),
  };
}

/** What serves now first, then the agent's own prompt, then those that had most traffic. */
function drawnIds({ total }: SeriesView, { incumbentId }: SeriesNames): readonly string[] {
  const rank = ({ variantId, episodes }: SeriesPoint): number =>
    variantId === incumbentId ? Infinity : variantId === baselineVariantId ? Number.MAX_VALUE : episodes;
  return total
    .toSorted((one, other) => (rank(one) > rank(other) ? -1 : 1))
    .slice(0, coloursMax)
    .map(({ variantId }) => variantId);
}

interface Pooled {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Neighbouring stretches together until there are enough rewards; each point stands in the middle of its stretches. The
 * last one may be made of half as many.
 */
function pool(points: readonly (SeriesPoint | undefined)[]): readonly (Pooled | null)[] {
  const pooled: (Pooled | null)[] = points.map(() => null);
  const total = points.reduce((sum, point) => sum + (point?.rewarded ?? 0), 0);
  const enough = Math.max(1, Math.min(rewardsPerPoint, total / pointsMin));
  let start = 0;
  let sum = 0;
  let count = 0;
  points.forEach((point, index) => {
    if (count === 0) start = index;
    sum += (point?.mean ?? 0) * (point?.rewarded ?? 0);
    count += point?.rewarded ?? 0;
    if (count < (index === points.length - 1 ? enough / 2 : enough)) return;
    const mean = Math.min(1, Math.max(0, sum / count));
    pooled[Math.round((start + index) / 2)] = { mean, ...wilson(mean, count) };
    sum = 0;
    count = 0;
  });
  return pooled;
}
