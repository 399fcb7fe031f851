import type { MetricConfig, TaskConfig } from './task.ts';

/** Newest value of each metric for one decision or episode, as given by the caller. */
export type MetricValues = Readonly<Record<string, number>>;

/**
 * The reward in [0, 1] of the metrics present: Σ w·v / Σ w, each v scaled from its range to [0, 1] and inverted for
 * `optimize: min`. `null` where no metric of the reward definition is present.
 */
export function rewardOf(
  values: MetricValues,
  config: Pick<TaskConfig, 'reward' | 'metrics'>,
): number | null {
  let weights = 0;
  let total = 0;
  for (const [metric, weight] of Object.entries(config.reward)) {
    const value = values[metric];
    const definition = config.metrics[metric];
    if (value === undefined || definition === undefined) continue;
    weights += weight;
    total += weight * scaleValue(value, definition);
  }
  return weights === 0 ? null : total / weights;
}

/** Mean reward of an episode over its decisions and its own values; `null` where none has a reward. */
export function episodeReward(rewards: readonly (number | null)[]): number | null {
  const present = rewards.filter((reward) => reward !== null);
  return present.length === 0 ? null : present.reduce((sum, reward) => sum + reward, 0) / present.length;
}

/** A metric's value as a score in [0, 1], 1 the best: its place in the range, inverted for `optimize: min`. */
export function scaleValue(
  value: number,
  { range: [low, high], optimize }: Pick<MetricConfig, 'range' | 'optimize'>,
): number {
  const share = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return optimize === 'max' ? share : 1 - share;
}
