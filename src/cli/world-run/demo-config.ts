import { join } from 'node:path';
import { loadConfig } from '../../config.ts';
import type { Config } from '../../configuration/config.ts';
import { agentModelName, judgeModelName, optimizerModelName } from '../../upstream/simulated/model-names.ts';
import type { World } from '../../upstream/simulated/world.ts';
import { taskConfigOf } from './world-task.ts';

/**
 * A server in front of a world, with its database in `folder`. The run packs days of traffic into less than one, so the
 * daily budgets of the task are multiplied by the days it stands for.
 */
export function demoConfig(
  world: World,
  run: { readonly upstream: string; readonly folder: string; readonly requests: number },
): Config {
  const days = Math.max(1, Math.ceil(run.requests / world.requestsPerDay));
  const task = taskConfigOf(world);
  const config = loadConfig(
    {
      RATCHET_PORT: '0',
      RATCHET_UPSTREAM: run.upstream,
      RATCHET_DATABASE: `sqlite:${join(run.folder, 'ratchet.db')}`,
      RATCHET_LEARNING_KEY: 'simulated',
      RATCHET_OPTIMIZER_MODEL: optimizerModelName,
      RATCHET_JUDGE_MODEL: judgeModelName,
      // Log lines would tear the picture that is drawn.
      RATCHET_LOG_LEVEL: 'silent',
    },
    run.folder,
  );
  const models = [agentModelName, optimizerModelName, judgeModelName];
  return {
    ...config,
    prices: Object.fromEntries(models.map((model) => [model, world.prices])),
    tasks: {
      [world.name]: {
        ...task,
        budget: {
          ...task.budget,
          usdPerDay: task.budget.usdPerDay * days,
          shadowRequestsPerDay: task.budget.shadowRequestsPerDay * days,
        },
      },
    },
  };
}
