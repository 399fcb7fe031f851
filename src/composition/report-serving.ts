import { rewardOf } from '../domain/reward.ts';
import type { TaskConfig } from '../domain/task.ts';
import type { TaskSnapshot } from '../store/plan-store.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';

/**
 * Reports plans and probabilities as gauges whenever tasks change. An arm that has left is reported once more, as 0: a
 * gauge keeps its last value for ever.
 */
export function createPlanReporter(
  telemetry: Pick<Telemetry, 'gauge'>,
): (changed: readonly TaskSnapshot[]) => void {
  const armsOf = new Map<string, readonly string[]>();
  return (changed) => {
    for (const { task, plan, routing } of changed) {
      const labels = { task: task.name };
      telemetry.gauge('ratchet.plan.version', plan.version, labels);
      const arms = Object.keys(routing.probabilities);
      for (const variant of new Set([...(armsOf.get(task.id) ?? []), ...arms]))
        telemetry.gauge('ratchet.probability', routing.probabilities[variant] ?? 0, { ...labels, variant });
      armsOf.set(task.id, arms);
    }
  };
}

/** Telemetry that also records the reward of each value that feedback brings, each metric taken by itself. */
export function recordRewards(telemetry: Telemetry, configOf: (taskName: string) => TaskConfig): Telemetry {
  return {
    ...telemetry,
    evaluation: (evaluation) => {
      telemetry.evaluation(evaluation);
      const { metric, value, taskName } = evaluation;
      if (value === null || taskName === null) return;
      const reward = rewardOf({ [metric]: value }, configOf(taskName));
      if (reward !== null) telemetry.record('ratchet.reward', reward, { task: taskName });
    },
  };
}
