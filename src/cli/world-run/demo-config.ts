import { join } from 'node:path';
import { loadConfig } from '../../config.ts';
import type { Config, ServerRole } from '../../configuration/config.ts';
import { agentModelName, judgeModelName, optimizerModelName } from '../../upstream/simulated/model-names.ts';
import type { World } from '../../upstream/simulated/world.ts';
import { taskConfigOf } from './world-task.ts';

/** The run that a server is configured for. */
export interface DemoServer {
  /** The world's server. */
  readonly upstream: string;
  readonly folder: string;
  readonly requests: number;
  /** Default: a file in `folder`. */
  readonly database?: string;
  /** Default: everything. */
  readonly role?: ServerRole;
}

/**
 * A server in front of a world. The run packs days of traffic into less than one, so the daily budgets of the task are
 * multiplied by the days it stands for.
 */
export function demoConfig(world: World, run: DemoServer): Config {
  const days = Math.max(1, Math.ceil(run.requests / world.requestsPerDay));
  const task = taskConfigOf(world);
  const config = loadConfig(
    {
      RATCHET_PORT: '0',
      RATCHET_UPSTREAM: run.upstream,
      RATCHET_DATABASE: run.database ?? `sqlite:${join(run.folder, 'ratchet.db')}`,
      RATCHET_ROLE: run.role,
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
