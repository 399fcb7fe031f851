import type { Baseline, Task } from '../../domain/task.ts';
import type { KyselyContext, Write } from './context.ts';
import { readRow, readSoundRows } from './damage.ts';
import { loadTask } from './load-tasks.ts';

/** Keeps the baseline of a task that is about to have a newer one. */
export async function keepBaseline(write: Write, { id, baseline }: Task): Promise<void> {
  await write
    .insertInto('baselines')
    .values({ task_id: id, version: baseline.version, baseline: JSON.stringify(baseline) })
    .onConflict((conflict) => conflict.columns(['task_id', 'version']).doNothing())
    .execute();
}

/** Those that were replaced, behind the present one. */
export async function readBaselines(
  { db, onDamage }: KyselyContext,
  taskId: string,
): Promise<readonly Baseline[]> {
  const present = await loadTask(db, taskId);
  if (present === undefined) return [];
  const rows = await db
    .selectFrom('baselines')
    .select('baseline')
    .where('task_id', '=', taskId)
    .where('version', '<', present.task.baseline.version)
    .orderBy('version', 'desc')
    .execute();
  const row = { table: 'baselines', key: taskId } as const;
  const read = ({ baseline: text }: (typeof rows)[number]): Baseline => readRow(row, () => JSON.parse(text));
  return [present.task.baseline, ...readSoundRows(rows, read, () => onDamage(row))];
}
