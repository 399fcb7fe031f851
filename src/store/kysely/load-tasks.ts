import { assertBanditState } from '../../domain/assert-bandit-state.ts';
import type { BanditState } from '../../domain/bandit-state.ts';
import { assertPlan, type ServingPlan } from '../../domain/plan.ts';
import type { Task } from '../../domain/task.ts';
import type { LedgerTask, Retired } from '../ledger/ledger-rows.ts';
import { findAll, type Read } from './context.ts';
import { isDamage, readRow, readSoundRows } from './damage.ts';
import { isCorrupt } from './sqlite-failure.ts';

/** A task with its newest plan and its bandit. */
export interface StoredTask {
  readonly task: Task;
  readonly plan: ServingPlan;
  readonly bandit: BanditState;
  readonly delaysMs: readonly number[];
  readonly retired: Retired;
}

/** Loads tasks by id; unknown ones are left out, and so are damaged ones: nothing can be decided or counted for them. */
export async function loadTasks(db: Read, taskIds: Iterable<string>): Promise<readonly StoredTask[]> {
  try {
    const rows = await findAll(taskIds, (chunk) => selectTasks(db).where('tasks.id', 'in', chunk).execute());
    return readSoundRows(rows, storedTask, () => {});
  } catch (error) {
    if (!isCorrupt(error)) throw error;
    return (await loadSingly(db, [...taskIds])).tasks;
  }
}

/** Loads a task; `undefined` where there is none. Throws `store_damaged` where it cannot be read. */
export async function loadTask(db: Read, taskId: string): Promise<StoredTask | undefined> {
  const row = await selectTasks(db).where('tasks.id', '=', taskId).executeTakeFirst();
  return row && storedTask(row);
}

/** Ids of the tasks that changed after a revision, in the order of their last change. */
async function changedTaskIds(db: Read, revision: number): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('tasks')
    .select('id')
    .where('revision', '>', revision)
    .orderBy('revision')
    .execute();
  return rows.map(({ id }) => id);
}

/** Tasks that could be read, and those that could not, with the table that is at fault. */
export interface TasksFound {
  readonly tasks: readonly StoredTask[];
  readonly unreadable: readonly { readonly taskId: string; readonly table: string }[];
}

/** Loads the tasks that changed after a revision, in the order of their last change. */
export async function loadTasksSince(db: Read, revision: number): Promise<TasksFound> {
  const unreadable: { readonly taskId: string; readonly table: string }[] = [];
  try {
    const rows = await selectTasks(db)
      .where('tasks.revision', '>', revision)
      .orderBy('tasks.revision')
      .execute();
    const tasks = readSoundRows(rows, storedTask, ({ id }, table) => unreadable.push({ taskId: id, table }));
    return { tasks, unreadable };
  } catch (error) {
    if (!isCorrupt(error)) throw error;
    return loadSingly(db, await changedTaskIds(db, revision));
  }
}

/** One by one, so that a damaged page takes no more tasks than those that are on it. */
async function loadSingly(db: Read, taskIds: readonly string[]): Promise<TasksFound> {
  const tasks: StoredTask[] = [];
  const unreadable: { readonly taskId: string; readonly table: string }[] = [];
  for (const taskId of taskIds) {
    try {
      const task = await loadTask(db, taskId);
      if (task !== undefined) tasks.push(task);
    } catch (error) {
      if (!isDamage(error) && !isCorrupt(error)) throw error;
      unreadable.push({ taskId, table: isDamage(error) ? (error.param ?? 'tasks') : 'tasks' });
    }
  }
  return { tasks, unreadable };
}

/** What the ledger needs of a task. */
export function ledgerTaskOf({ task, plan, bandit, delaysMs, retired }: StoredTask): LedgerTask {
  return { taskId: task.id, config: task.config, plan, bandit, delaysMs, retired };
}

/** A plan as stored, checked. */
export function planOf(text: string): ServingPlan {
  const plan: ServingPlan = JSON.parse(text);
  assertPlan(plan);
  return plan;
}

function selectTasks(db: Read) {
  return db
    .selectFrom('tasks')
    .leftJoin('bandits', 'bandits.task_id', 'tasks.id')
    .leftJoin('plans', (join) =>
      join.onRef('plans.task_id', '=', 'tasks.id').onRef('plans.version', '=', 'tasks.plan_version'),
    )
    .select([
      'tasks.id',
      'tasks.name',
      'tasks.scope',
      'tasks.baseline',
      'tasks.config',
      'tasks.created_at_ms',
      'plans.plan',
      'bandits.state',
      'bandits.delays_ms',
      'bandits.retired',
    ]);
}

type TaskColumns = Awaited<ReturnType<ReturnType<typeof selectTasks>['execute']>>[number];

function storedTask(columns: TaskColumns): StoredTask {
  const key = columns.id;
  return {
    task: readRow({ table: 'tasks', key }, () => taskOf(columns)),
    plan: readRow({ table: 'plans', key }, () => planOf(columns.plan ?? '')),
    ...readRow({ table: 'bandits', key }, () => ({
      bandit: assertBanditState(JSON.parse(columns.state ?? '')),
      delaysMs: delaysOf(columns.delays_ms ?? ''),
      retired: retiredOf(columns.retired ?? ''),
    })),
  };
}

function taskOf(columns: TaskColumns): Task {
  const task: Task = {
    id: columns.id,
    name: columns.name,
    scope: columns.scope,
    baseline: JSON.parse(columns.baseline),
    config: JSON.parse(columns.config),
    createdAtMs: Number(columns.created_at_ms),
  };
  const { baseline, config } = task;
  if (!Array.isArray(baseline.skeleton.segments) || !(config.gate.attributionWindowMs > 0))
    throw new RangeError(`task ${task.id} has no skeleton or no attribution window`);
  return task;
}

function delaysOf(text: string): readonly number[] {
  const delaysMs: readonly number[] = JSON.parse(text);
  if (!delaysMs.every(Number.isFinite)) throw new RangeError('a delay is no number');
  return delaysMs;
}

function retiredOf(text: string): Retired {
  const retired: Retired = JSON.parse(text);
  if (!Object.values(retired).every(Number.isFinite)) throw new RangeError('a version is no number');
  return retired;
}
