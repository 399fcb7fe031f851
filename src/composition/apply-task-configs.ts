import { isDeepStrictEqual } from 'node:util';
import type { TaskConfig } from '../domain/task.ts';
import type { PlanStore } from '../store/plan-store.ts';

/** Gives the tasks that exist the configuration of today; those that have it already are left alone. */
export async function applyTaskConfigs(
  store: Pick<PlanStore, 'readSnapshot' | 'saveTaskConfig'>,
  configOf: (taskName: string) => TaskConfig,
): Promise<void> {
  const { tasks } = await store.readSnapshot(0);
  for (const { task } of tasks) {
    const config = configOf(task.name);
    if (!isDeepStrictEqual(task.config, config)) await store.saveTaskConfig(task.id, config);
  }
}
