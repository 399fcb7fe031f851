import type { Tables, TaskTable } from './tables.ts';

/** Stale entries that the log of changed tasks may hold before it is rewritten, beside one per task. */
const staleMax = 1000;

/** Stores a changed task under a new revision, which makes every snapshot reader read it again. */
export function reviseTask(tables: Tables, table: Omit<TaskTable, 'revision'>): void {
  const revision = (tables.counters.revision += 1);
  tables.tasks.set(table.task.id, { ...table, revision });
  tables.changedTasks.push({ revision, taskId: table.task.id });
  if (tables.changedTasks.length > 2 * tables.tasks.size + staleMax)
    tables.changedTasks = tables.changedTasks.filter(
      (change) => tables.tasks.get(change.taskId)?.revision === change.revision,
    );
}

/** Tasks that changed after a revision, in the order of their last change. */
export function tasksSince(tables: Tables, revision: number): readonly TaskTable[] {
  const found: TaskTable[] = [];
  for (let index = tables.changedTasks.length - 1; index >= 0; index--) {
    const change = tables.changedTasks[index];
    if (change === undefined || change.revision <= revision) break;
    const table = tables.tasks.get(change.taskId);
    if (table?.revision === change.revision) found.push(table);
  }
  return found.toReversed();
}
