import { assertPlan, firstPlan } from '../../domain/plan.ts';
import { baselineVariantId } from '../../domain/variant.ts';
import { adoptTask } from '../ledger/adopt-decisions.ts';
import { isNewerBaseline } from '../ledger/baseline-change.ts';
import { armVariants, baselineOf } from '../ledger/gate-change.ts';
import { openLedger } from '../ledger/ledger.ts';
import { makeSecret } from '../ledger/secret.ts';
import type { PlanStore, TaskSnapshot } from '../plan-store.ts';
import { applyLedger, ledgerSource } from './ledger-source.ts';
import { addChanges } from './change-log.ts';
import type { MemoryContext } from './context.ts';
import { perTaskOf, type Tables, type TaskTable } from './tables.ts';
import { reviseTask, tasksSince } from './task-changes.ts';

/** Tasks and plans in memory. */
export function memoryPlans(context: MemoryContext): PlanStore {
  const { tables, random } = context;
  return {
    registerTask: async (task) => {
      const known = tables.tasks.get(task.id);
      if (known !== undefined) return known.task;
      registerTask(context, task);
      return task;
    },
    saveBaseline: async (taskId, baseline) => {
      const table = tables.tasks.get(taskId);
      if (table !== undefined && isNewerBaseline(table.task.baseline, baseline))
        reviseTask(tables, {
          ...table,
          task: { ...table.task, baseline },
          formerBaselines:
            baseline.version > table.task.baseline.version
              ? [...table.formerBaselines, table.task.baseline]
              : table.formerBaselines,
        });
    },
    saveTaskConfig: async (taskId, config) => {
      const table = tables.tasks.get(taskId);
      if (table !== undefined && JSON.stringify(table.task.config) !== JSON.stringify(config))
        reviseTask(tables, { ...table, task: { ...table.task, config } });
    },
    readSnapshot: async (revision) => ({
      revision: tables.counters.revision,
      tasks: tasksSince(tables, revision).map((table) => snapshotOf(tables, table)),
    }),
    readTask: async (taskId) => {
      const table = tables.tasks.get(taskId);
      return table === undefined ? undefined : snapshotOf(tables, table);
    },
    readPlans: async (taskId, limit, beforeVersion = Infinity) => {
      const all = tables.tasks.get(taskId)?.plans ?? [];
      const plans = all.filter(({ version }) => version < beforeVersion);
      return plans.slice(Math.max(0, plans.length - limit)).toReversed();
    },
    readVariant: async (taskId, variantId) => {
      if (variantId !== baselineVariantId) return tables.perTask.get(taskId)?.variants.get(variantId);
      const plan = tables.tasks.get(taskId)?.plans.at(-1);
      return plan === undefined ? undefined : baselineOf(plan);
    },
    readVariants: async (taskId) =>
      [...(tables.perTask.get(taskId)?.variants.values() ?? [])].toSorted((one, other) =>
        one.id < other.id ? -1 : 1,
      ),
    readBaselines: async (taskId) => {
      const table = tables.tasks.get(taskId);
      return table === undefined ? [] : [table.task.baseline, ...table.formerBaselines.toReversed()];
    },
    readSecret: async (candidate) => (tables.secret ??= candidate ?? makeSecret(random)),
  };
}

function registerTask({ tables, rules }: MemoryContext, task: TaskTable['task']): void {
  const now = rules();
  const plan = firstPlan(task.id, task.baseline.version, now.nowMs);
  assertPlan(plan);
  reviseTask(tables, {
    task,
    plans: [plan],
    formerBaselines: [],
    bandit: now.fold.start(plan),
    delaysMs: [],
    retired: {},
  });
  addChanges(tables, [{ kind: 'task-added', taskId: task.id, atMs: now.nowMs }]);
  const ledger = openLedger(ledgerSource(tables));
  const waiting = [...(tables.waitingForTask.get(task.id) ?? [])].flatMap(
    (id) => tables.feedback.get(id) ?? [],
  );
  // Decisions may be stored before their task; whatever came with them counts from now on.
  const episodes = [...perTaskOf(tables, task.id).openWindows.oldestFirst(-Infinity, Infinity)];
  adoptTask(ledger, waiting, episodes, now);
  applyLedger(tables, ledger.changes());
}

function snapshotOf(tables: Tables, { task, plans, bandit }: TaskTable): TaskSnapshot {
  const plan = plans.at(-1);
  if (plan === undefined) throw new RangeError(`task ${task.id} has no plan`);
  const variants = tables.perTask.get(task.id)?.variants;
  return {
    task,
    plan,
    variants: armVariants(plan, (variantId) => variants?.get(variantId)),
    routing: bandit.routing,
    bandit,
  };
}
