import { scaleValue } from '../domain/reward.ts';
import type { MetricConfig, TaskConfig } from '../domain/task.ts';
import type { EpisodeOutcome } from '../store/outcome-store.ts';

/**
 * Something about live episodes that must not fall, beside the reward: a guardrail metric, or the reward within one
 * segment. `metric:<name>` or `segment:<name>`.
 */
export type GuardName = string;

/** One observation in [0, 1], 1 the best. */
export interface GuardObservation {
  readonly name: GuardName;
  readonly score: number;
  /** How far the mean may lie below the level before that counts as a fall, (0, 1). */
  readonly slack: number;
}

/** Segments that are watched where none is declared: the first ones that come. */
export const discoveredMax = 8;

/** Loss that is tolerated in a segment that nobody has declared. */
export const discoveredSlack = 0.1;

/** Latency and cost on a scale of doublings: 24 octaves from 1 ms or $0.0000001, so that r falls by 1/24 with each. */
const octaves = 24;
const leastMs = 1;
const leastUsd = 1e-7;

/** Metrics that recorded answers tell by themselves, where nobody reports them. */
const measured: ReadonlyMap<string, (outcome: EpisodeOutcome) => number | null> = new Map(
  ['latency', 'latency_ms', 'cost', 'cost_usd'].map((name) => [
    name,
    name.startsWith('latency')
      ? ({ latencyMs }: EpisodeOutcome) => octaveScore(latencyMs, leastMs)
      : ({ costUsd }: EpisodeOutcome) => octaveScore(costUsd, leastUsd),
  ]),
);

/** What an episode says to each stream of a task. */
export function observationsOf(outcome: EpisodeOutcome, config: TaskConfig): readonly GuardObservation[] {
  const metrics = guardMetrics(config).flatMap(([name, metric]): GuardObservation[] => {
    const { margin } = metric.guardrail ?? { margin: config.gate.margin };
    const measure = measured.get(name);
    if (measure !== undefined) {
      const score = measure(outcome);
      return score === null
        ? []
        : [{ name: `metric:${name}`, score, slack: Math.log2(1 + margin) / octaves }];
    }
    const value = outcome.values[name];
    return value === undefined
      ? []
      : [{ name: `metric:${name}`, score: scaleValue(value, metric), slack: margin }];
  });
  const { segment, reward } = outcome;
  const slices = config.gate.slices ?? {};
  const isWatched = Object.keys(slices).length === 0 || Object.hasOwn(slices, segment ?? '');
  if (segment === null || reward === null || !isWatched) return metrics;
  const slack = slices[segment]?.margin ?? discoveredSlack;
  return [...metrics, { name: `segment:${segment}`, score: reward, slack }];
}

/**
 * How many streams a task has at most. Each has to reach this many times the threshold of the reward's own watch: the
 * mean of e-detectors is an e-detector (Shin, Ramdas & Rinaldo 2024), so that together they raise a false alarm no
 * sooner, on average, than the reward's watch does.
 */
export function guardCount(config: TaskConfig): number {
  const slices = Object.keys(config.gate.slices ?? {}).length;
  return guardMetrics(config).length + (slices > 0 ? slices : discoveredMax);
}

/** Declared guardrails, but for a metric that is the whole reward, which is watched by that already. */
export function guardMetrics({
  metrics,
  reward,
}: Pick<TaskConfig, 'metrics' | 'reward'>): readonly (readonly [string, MetricConfig])[] {
  return Object.entries(metrics).filter(([name, { guardrail }]) => {
    const isReward = Object.keys(reward).every((rewarded) => rewarded === name);
    return guardrail !== null && (!isReward || measured.has(name));
  });
}

function octaveScore(amount: number | null, least: number): number | null {
  if (amount === null || !(amount >= 0)) return null;
  return 1 - Math.min(1, Math.max(0, Math.log2(Math.max(amount, least) / least) / octaves));
}
