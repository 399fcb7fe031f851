import { firstPlan, type ServingPlan } from '../../domain/plan.ts';
import type { Task } from '../../domain/task.ts';
import { baselineVariantId, type Variant } from '../../domain/variant.ts';
import { isNewerBaseline } from '../ledger/baseline-change.ts';
import { baselineOf } from '../ledger/gate-change.ts';
import { makeSecret } from '../ledger/secret.ts';
import type { PlanStore } from '../plan-store.ts';
import { adoptWaiting } from './adopt-waiting.ts';
import { keepBaseline, readBaselines } from './baselines.ts';
import { addChanges } from './change-log.ts';
import type { Commit, KyselyContext, Read, Write } from './context.ts';
import { lockSequence, nextRevision, readRevision } from './counters.ts';
import { readRow, readSoundRows } from './damage.ts';
import { loadTask, loadTasks, planOf } from './load-tasks.ts';
import { readSnapshots, readVariants, snapshotOf, variantOf } from './read-snapshots.ts';
import { reviseTask } from './save-ledger.ts';

/** Tasks and plans in a database. */
export function kyselyPlans(context: KyselyContext): PlanStore {
  const { db, commit, random, onDamage } = context;
  return {
    registerTask: async (task) => registerTask(context, task),
    saveBaseline: async (taskId, baseline) =>
      changeTask(commit, taskId, async (write, task) => {
        if (!isNewerBaseline(task.baseline, baseline)) return false;
        if (baseline.version > task.baseline.version) await keepBaseline(write, task);
        await updateTask(write, taskId, { baseline: JSON.stringify(baseline) });
        return true;
      }),
    saveTaskConfig: async (taskId, config) =>
      changeTask(commit, taskId, async (write, task) => {
        if (JSON.stringify(task.config) === JSON.stringify(config)) return false;
        const { attributionWindowMs } = config.gate;
        await updateTask(write, taskId, {
          config: JSON.stringify(config),
          attribution_window_ms: attributionWindowMs,
        });
        return true;
      }),
    readSnapshot: async (revision) => {
      // Read first: a task that changes in between is then sent again, never missed.
      const newest = await readRevision(db);
      return { revision: newest, ...(await readSnapshots(context, revision)) };
    },
    readTask: async (taskId) => {
      const task = await loadTask(db, taskId);
      return task && snapshotOf(db, task);
    },
    readPlans: async (taskId, limit, beforeVersion) => readPlans(context, { taskId, limit, beforeVersion }),
    readVariant: async (taskId, variantId) => {
      if (variantId !== baselineVariantId)
        return (await readVariants(db, taskId, [variantId])).get(variantId);
      const [plan] = await readPlans(context, { taskId, limit: 1, beforeVersion: undefined });
      return plan === undefined ? undefined : baselineOf(plan);
    },
    readVariants: async (taskId) => {
      const rows = await db
        .selectFrom('variants')
        .select(['id', 'variant'])
        .where('task_id', '=', taskId)
        .orderBy('id')
        .execute();
      const read = ({ id, variant }: (typeof rows)[number]): Variant => variantOf(id, variant);
      return readSoundRows(rows, read, ({ id }) => onDamage({ table: 'variants', key: id }));
    },
    readBaselines: async (taskId) => readBaselines(context, taskId),
    readSecret: async (candidate) => {
      const value = candidate ?? makeSecret(random);
      await commit((write) =>
        write
          .insertInto('secrets')
          .values({ name: 'signing', value })
          .onConflict((conflict) => conflict.column('name').doNothing())
          .execute(),
      );
      const stored = db.selectFrom('secrets').select('value').where('name', '=', 'signing');
      return (await stored.executeTakeFirstOrThrow()).value;
    },
  };
}

async function registerTask({ commit, rules }: KyselyContext, task: Task): Promise<Task> {
  return commit(async (write) => {
    await lockSequence(write);
    const [known] = await loadTasks(write, [task.id]);
    // What is damaged can be mended; it is not for whoever asks first to write over it.
    if (known !== undefined || (await hasTask(write, task.id))) return known?.task ?? task;
    const now = rules();
    const plan = firstPlan(task.id, task.baseline.version, now.nowMs);
    await insertTask(write, task, plan);
    await write
      .insertInto('bandits')
      .values({
        task_id: task.id,
        state: JSON.stringify(now.fold.start(plan)),
        delays_ms: '[]',
        retired: '{}',
      })
      .execute();
    await adoptWaiting(write, task.id, now);
    await addChanges(write, [{ kind: 'task-added', taskId: task.id, atMs: now.nowMs }]);
    return task;
  });
}

async function insertTask(write: Write, task: Task, plan: ServingPlan): Promise<void> {
  await write
    .insertInto('plans')
    .values({ task_id: task.id, version: plan.version, plan: JSON.stringify(plan) })
    .execute();
  await write
    .insertInto('tasks')
    .values({
      id: task.id,
      name: task.name,
      scope: task.scope,
      baseline: JSON.stringify(task.baseline),
      config: JSON.stringify(task.config),
      created_at_ms: task.createdAtMs,
      attribution_window_ms: task.config.gate.attributionWindowMs,
      plan_version: plan.version,
      revision: await nextRevision(write),
    })
    .execute();
}

async function changeTask(
  commit: Commit,
  taskId: string,
  change: (write: Write, task: Task) => Promise<boolean>,
): Promise<void> {
  await commit(async (write) => {
    await lockSequence(write);
    const [known] = await loadTasks(write, [taskId]);
    if (known !== undefined && (await change(write, known.task))) await reviseTask(write, taskId);
  });
}

async function updateTask(
  write: Write,
  taskId: string,
  columns:
    { readonly baseline: string } | { readonly config: string; readonly attribution_window_ms: number },
): Promise<void> {
  await write.updateTable('tasks').set(columns).where('id', '=', taskId).execute();
}

async function readPlans(
  { db, onDamage }: KyselyContext,
  {
    taskId,
    limit,
    beforeVersion,
  }: { readonly taskId: string; readonly limit: number; readonly beforeVersion: number | undefined },
): Promise<readonly ServingPlan[]> {
  const rows = await db
    .selectFrom('plans')
    .select('plan')
    .where('task_id', '=', taskId)
    .$if(beforeVersion !== undefined, (found) => found.where('version', '<', beforeVersion ?? 0))
    .orderBy('version', 'desc')
    .limit(limit)
    .execute();
  const row = { table: 'plans', key: taskId } as const;
  return readSoundRows(
    rows,
    ({ plan }) => readRow(row, () => planOf(plan)),
    () => onDamage(row),
  );
}

async function hasTask(db: Read, taskId: string): Promise<boolean> {
  const row = await db.selectFrom('tasks').select('id').where('id', '=', taskId).executeTakeFirst();
  return row !== undefined;
}
