import type { BanditState } from '../../domain/bandit-state.ts';
import { assertPlan, type ServingPlan } from '../../domain/plan.ts';
import type { Task } from '../../domain/task.ts';
import type { LedgerTask, Retired } from '../ledger/ledger-rows.ts';
import { findAll, type Read } from './context.ts';

/** A task with its newest plan and its bandit. */
export interface StoredTask {
  readonly task: Task;
  readonly plan: ServingPlan;
  readonly bandit: BanditState;
  readonly delaysMs: readonly number[];
  readonly retired: Retired;
}

/** Loads tasks by id; unknown ones are left out. */
export async function loadTasks(db: Read, taskIds: Iterable<string>): Promise<readonly StoredTask[]> {
  const rows = await findAll(taskIds, (chunk) => selectTasks(db).where('tasks.id', 'in', chunk).execute());
  return rows.map(storedTask);
}

/** Loads the tasks that changed after a revision, in the order of their last change. */
export async function loadTasksSince(db: Read, revision: number): Promise<readonly StoredTask[]> {
  const rows = await selectTasks(db)
    .where('tasks.revision', '>', revision)
    .orderBy('tasks.revision')
    .execute();
  return rows.map(storedTask);
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
    .innerJoin('bandits', 'bandits.task_id', 'tasks.id')
    .innerJoin('plans', (join) =>
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
  return {
    task: {
      id: columns.id,
      name: columns.name,
      scope: columns.scope,
      baseline: JSON.parse(columns.baseline),
      config: JSON.parse(columns.config),
      createdAtMs: Number(columns.created_at_ms),
    },
    plan: planOf(columns.plan),
    bandit: JSON.parse(columns.state),
    delaysMs: JSON.parse(columns.delays_ms),
    retired: JSON.parse(columns.retired),
  };
}
