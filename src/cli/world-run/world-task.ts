import { parseTaskConfig } from '../../configuration/task-config.ts';
import { RatchetError } from '../../domain/ratchet-error.ts';
import type { TaskConfig } from '../../domain/task.ts';
import { defaultTaskOf } from '../../upstream/simulated/default-task.ts';
import type { World } from '../../upstream/simulated/world.ts';

/**
 * The configuration of a world's task: its own, else the default of worlds. A task that names no reward is rewarded by
 * the world's feedback. Replay worlds replace whole prompts, so their edits may be of any size. Throws `invalid_world`
 * for a task that is none.
 */
export function taskConfigOf(world: World): TaskConfig {
  const config = world.task === null ? defaultTaskOf(world) : ownTaskOf(world, world.task);
  if (world.kind === 'facets') return config;
  return { ...config, gate: { ...config.gate, isEditSizeLimited: false } };
}

function ownTaskOf(world: World, task: unknown): TaskConfig {
  const { reward, metrics } = defaultTaskOf(world);
  const config = parseTask(task);
  const namesReward = typeof task === 'object' && task !== null && 'reward' in task;
  if (namesReward) return config;
  return { ...config, reward, metrics: { ...metrics, ...config.metrics } };
}

function parseTask(task: unknown): TaskConfig {
  try {
    return parseTaskConfig(task);
  } catch (cause) {
    if (!(cause instanceof RatchetError)) throw cause;
    throw new RatchetError('invalid_world', `Invalid world: ${cause.message}`, {
      ...(cause.param === null ? {} : { param: cause.param }),
      cause,
    });
  }
}
