import { sql } from 'kysely';
import { firstPlan, type ServingPlan } from '../../domain/plan.ts';
import type { Task } from '../../domain/task.ts';
import { baselineVariantId, type Variant } from '../../domain/variant.ts';
import { adoptTask } from '../ledger/adopt-decisions.ts';
import { isNewerBaseline } from '../ledger/baseline-change.ts';
import { armVariants, baselineOf } from '../ledger/gate-change.ts';
import { openLedger } from '../ledger/ledger.ts';
import { makeSecret } from '../ledger/secret.ts';
import type { PlanStore, TaskSnapshot } from '../plan-store.ts';
import { findAll, type KyselyContext, type Read, type Write, type Commit } from './context.ts';
import { lockSequence, nextOf, readRevision } from './counters.ts';
import { episodeRow } from './episode-columns.ts';
import { feedbackRow } from './feedback-columns.ts';
import { loadLedger } from './load-ledger.ts';
import { loadTasks, loadTasksSince, planOf, type StoredTask } from './load-tasks.ts';
import { reviseTask, saveLedger } from './save-ledger.ts';

/** Tasks and plans in a database. */
export function kyselyPlans(context: KyselyContext): PlanStore {
  const { db, commit, random } = context;
  return {
    registerTask: async (task) => registerTask(context, task),
    saveBaseline: async (taskId, baseline) =>
      changeTask(commit, taskId, async (write, task) => {
        if (!isNewerBaseline(task.baseline, baseline)) return false;
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
      return { revision: newest, tasks: await snapshotsOf(db, await loadTasksSince(db, revision)) };
    },
    readTask: async (taskId) => (await snapshotsOf(db, await loadTasks(db, [taskId])))[0],
    readPlans: async (taskId, limit) => readPlans(db, taskId, limit),
    readVariant: async (taskId, variantId) => {
      if (variantId !== baselineVariantId)
        return (await readVariants(db, taskId, [variantId])).get(variantId);
      const [plan] = await readPlans(db, taskId, 1);
      return plan === undefined ? undefined : baselineOf(plan);
    },
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

/** Variants of a task by id; unknown ones are left out. */
export async function readVariants(
  db: Read,
  taskId: string,
  variantIds: readonly string[],
): Promise<ReadonlyMap<string, Variant>> {
  const rows = await findAll(variantIds, (chunk) =>
    db
      .selectFrom('variants')
      .select(['id', 'variant'])
      .where('task_id', '=', taskId)
      .where('id', 'in', chunk)
      .execute(),
  );
  return new Map(rows.map(({ id, variant }) => [id, JSON.parse(variant)]));
}

async function registerTask({ commit, rules }: KyselyContext, task: Task): Promise<Task> {
  return commit(async (write) => {
    await lockSequence(write);
    const [known] = await loadTasks(write, [task.id]);
    if (known !== undefined) return known.task;
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
      revision: await nextOf(write, 'revision'),
    })
    .execute();
}

/** Decisions and feedback may be stored before their task; they count from now on. */
async function adoptWaiting(
  write: Write,
  taskId: string,
  rules: ReturnType<KyselyContext['rules']>,
): Promise<void> {
  const waiting = await write
    .selectFrom('feedback')
    .selectAll()
    .where('waiting_task_id', '=', taskId)
    .where('state', '=', sql.lit('pending'))
    .execute();
  const episodes = await write
    .selectFrom('episodes')
    .selectAll()
    .where('task_id', '=', taskId)
    .where('is_window_closed', '=', sql.lit(0))
    .where('decided_at_ms', 'is not', null)
    .execute();
  if (waiting.length === 0 && episodes.length === 0) return;
  const rows = waiting.map(feedbackRow);
  const source = await loadLedger(write, {
    taskIds: [taskId],
    feedbackIds: rows.map(({ feedbackId }) => feedbackId),
    names: [
      ...rows.flatMap(({ feedback: { target } }) => (target.kind === 'name' ? [target.name] : [])),
      ...episodes.map(({ episode_id: episodeId }) => episodeId),
    ],
    episodeIds: [],
    decisionIds: [],
    hasTruth: false,
  });
  const ledger = openLedger(source);
  adoptTask(ledger, rows, episodes.map(episodeRow), rules);
  await saveLedger(write, source, ledger.changes());
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

async function readPlans(db: Read, taskId: string, limit: number): Promise<readonly ServingPlan[]> {
  const rows = await db
    .selectFrom('plans')
    .select('plan')
    .where('task_id', '=', taskId)
    .orderBy('version', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ plan }) => planOf(plan));
}

async function snapshotsOf(db: Read, tasks: readonly StoredTask[]): Promise<readonly TaskSnapshot[]> {
  const snapshots: TaskSnapshot[] = [];
  for (const { task, plan, bandit } of tasks) {
    const ids = plan.arms.map(({ variantId }) => variantId).filter((id) => id !== baselineVariantId);
    const variants = await readVariants(db, task.id, ids);
    snapshots.push({
      task,
      plan,
      variants: armVariants(plan, (variantId) => variants.get(variantId)),
      routing: bandit.routing,
      bandit,
    });
  }
  return snapshots;
}
