import { parseTaskConfig } from '../../configuration/task-config.ts';
import type { TaskConfig } from '../../domain/task.ts';
import { defaultTaskOf } from '../../upstream/simulated/default-task.ts';
import type { World } from '../../upstream/simulated/world.ts';

/**
 * The configuration of a world's task: its own, else the default of worlds. Replay worlds replace whole prompts, so
 * their edits may be of any size. Throws `invalid_configuration` for a task that is none.
 */
export function taskConfigOf(world: World): TaskConfig {
  const config = world.task === null ? defaultTaskOf(world) : parseTaskConfig(world.task);
  return { ...config, gate: { ...config.gate, isEditSizeLimited: world.kind === 'facets' } };
}
