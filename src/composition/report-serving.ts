import type { Logger } from '../domain/logger.ts';
import { rewardOf } from '../domain/reward.ts';
import type { TaskConfig } from '../domain/task.ts';
import { klDivergence } from '../stats/kl-step.ts';
import type { TaskSnapshot } from '../store/plan-store.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';

/**
 * Reports plans and probabilities as gauges whenever tasks change, and each move of the probabilities in the log: from
 * what, to what, and how far, KL(after ‖ before) in nats. An arm that has left is reported once more, as 0: a gauge keeps
 * its last value for ever.
 */
export function createPlanReporter(
  telemetry: Pick<Telemetry, 'gauge'>,
  logger: Pick<Logger, 'debug'>,
): (changed: readonly TaskSnapshot[]) => void {
  const known = new Map<string, Probabilities>();
  return (changed) => {
    for (const { task, plan, routing } of changed) {
      const labels = { task: task.name };
      telemetry.gauge('ratchet.plan.version', plan.version, labels);
      const before = known.get(task.id);
      const after = routing.probabilities;
      for (const variant of armsOf(before ?? {}, after))
        telemetry.gauge('ratchet.probability', after[variant] ?? 0, { ...labels, variant });
      if (before !== undefined && hasMoved(before, after))
        logger.debug('probabilities-moved', {
          taskId: task.id,
          plan: plan.version,
          atFeedback: routing.atFeedback,
          before: JSON.stringify(before),
          after: JSON.stringify(after),
          kl: divergence(before, after),
        });
      known.set(task.id, after);
    }
  };
}

/** By variant id; they add up to 1. */
type Probabilities = Readonly<Record<string, number>>;

function armsOf(before: Probabilities, after: Probabilities): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])];
}

function hasMoved(before: Probabilities, after: Probabilities): boolean {
  return armsOf(before, after).some((variant) => before[variant] !== after[variant]);
}

/** In nats; `undefined` where an arm is new, since no step within a bound leads there. */
function divergence(before: Probabilities, after: Probabilities): number | undefined {
  const arms = armsOf(before, after);
  const kl = klDivergence(
    arms.map((variant) => after[variant] ?? 0),
    arms.map((variant) => before[variant] ?? 0),
  );
  return Number.isFinite(kl) ? kl : undefined;
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
