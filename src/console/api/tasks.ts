import type { CreditReport } from '../../domain/credit-report.ts';
import type { GateState } from '../../domain/gate-state.ts';
import { dayOf } from '../../domain/spend.ts';
import { slotsOf, skeletonText } from '../../domain/skeleton.ts';
import type { TaskSnapshot } from '../../store/plan-store.ts';
import { describeTask, summarise, type TaskDetail, type TaskSummary } from '../task-view.ts';
import type { ApiDeps } from './api-deps.ts';
import { findTask } from './find-task.ts';
import { operation, type Operation } from './operation.schema.ts';
import { pageOf } from './page.ts';
import { taskParams } from './parts.schema.ts';
import type { PlanView } from './plan.schema.ts';
import { spendQuery, taskListQuery, type TaskListQuery } from './queries.schema.ts';
import {
  baselinesSchema,
  creditSchema,
  spendViewSchema,
  taskPageSchema,
  taskSchema,
  type SpendView,
  type BaselineView,
  type TaskPage,
} from './task.schema.ts';
import { campaignIdOf, planView } from './views.ts';

const tag = 'Tasks';

/** Tasks, in order of their ids unless another is asked for. */
export const listTasks: Operation<TaskPage> = operation({
  id: 'listTasks',
  method: 'get',
  path: '/api/tasks',
  tag,
  summary: 'Tasks, in order of their ids unless another is asked for',
  role: 'viewer',
  query: taskListQuery,
  result: taskPageSchema,
  handle: async ({ query }, { store, learning }) => {
    const { tasks } = await store.readSnapshot(0);
    const named = tasks
      .map(summarise)
      .filter(({ name }) => isAskedFor(name, query))
      .toSorted((one, other) => taskOrders[query.order](one, other) || (one.id < other.id ? -1 : 1));
    return { kind: 'value', value: { ...pageOf(named, query, ({ id }) => id), learning } };
  },
});

/** One task: prompt, plan, arms, spend. */
export const readTask: Operation<TaskDetail> = operation({
  id: 'readTask',
  method: 'get',
  path: '/api/tasks/{task}',
  tag,
  summary: 'One task: prompt, plan, arms, spend',
  role: 'viewer',
  params: taskParams,
  result: taskSchema,
  handle: async ({ params: { task: taskId } }, deps) => {
    const { store, clock } = deps;
    const snapshot = await findTask(store, taskId);
    const [open, gateState, today, total, plan] = await Promise.all([
      store.readCampaigns(taskId, 'open'),
      store.readGateState(taskId),
      store.readSpend(taskId, dayOf(clock.now())),
      store.readTotalSpend(taskId),
      presentPlan(snapshot, deps),
    ]);
    const known = { plan, openCampaigns: open.length, gateState, spend: { today, total } };
    return { kind: 'value', value: describeTask(snapshot, known) };
  },
});

/** Versions of the agent’s own prompt, newest first. */
export const listBaselines: Operation<{ readonly items: readonly BaselineView[] }> = operation({
  id: 'listBaselines',
  method: 'get',
  path: '/api/tasks/{task}/baselines',
  tag,
  summary: 'Versions of the agent’s own prompt, newest first',
  description: 'Versions from before this was kept are missing.',
  role: 'viewer',
  params: taskParams,
  result: baselinesSchema,
  handle: async ({ params: { task: taskId } }, { store }) => {
    await findTask(store, taskId);
    const baselines = await store.readBaselines(taskId);
    const items = baselines.map(({ version, skeleton, stableFor }, index) => ({
      version,
      isPresent: index === 0,
      text: skeletonText(skeleton),
      slots: slotsOf(skeleton).map(({ name }) => name),
      stableFor,
    }));
    return { kind: 'value', value: { items } };
  },
});

/** Budgets of money and of error, and what is spent of them. */
export const readSpend: Operation<SpendView> = operation({
  id: 'readSpend',
  method: 'get',
  path: '/api/tasks/{task}/spend',
  tag,
  summary: 'Budgets of money and of error, and what is spent of them',
  role: 'viewer',
  params: taskParams,
  query: spendQuery,
  result: spendViewSchema,
  handle: async ({ params: { task: taskId }, query: { days } }, deps) => {
    const { store, clock } = deps;
    const { task } = await findTask(store, taskId);
    const day = dayOf(clock.now());
    const [today, total, spent, gateState] = await Promise.all([
      store.readSpend(taskId, day),
      store.readTotalSpend(taskId),
      store.readSpends(taskId, day - days + 1),
      store.readGateState(taskId),
    ]);
    return {
      kind: 'value',
      value: {
        budget: task.config.budget,
        today: { day, ...today },
        total,
        days: spent,
        errorBudget: errorBudgetView(gateState, task.config.gate, deps),
      },
    };
  },
});

/** What each edit is worth, when the gate looked last. */
export const readCredit: Operation<{ readonly credit: CreditReport | null }> = operation({
  id: 'readCredit',
  method: 'get',
  path: '/api/tasks/{task}/credit',
  tag,
  summary: 'What each edit is worth, when the gate looked last',
  role: 'viewer',
  params: taskParams,
  result: creditSchema,
  handle: async ({ params: { task: taskId } }, { store }) => {
    await findTask(store, taskId);
    const gateState = await store.readGateState(taskId);
    return { kind: 'value', value: { credit: gateState?.credit ?? null } };
  },
});

function isAskedFor(name: string, { name: exact, search = '' }: TaskListQuery): boolean {
  return (exact === undefined || name === exact) && name.toLowerCase().includes(search.toLowerCase());
}

const taskOrders: Readonly<Record<TaskListQuery['order'], (one: TaskSummary, other: TaskSummary) => number>> =
  {
    id: () => 0,
    name: (one, other) => one.name.localeCompare(other.name, 'en'),
    feedbacks: (one, other) => other.feedbacks - one.feedbacks,
  };

/** Tasks, their prompts, budgets and credit. */
export const taskOperations: readonly Operation[] = [
  listTasks,
  readTask,
  listBaselines,
  readSpend,
  readCredit,
];

/** The newest plan with its verdict. */
export async function presentPlan(
  { plan }: TaskSnapshot,
  { store }: Pick<ApiDeps, 'store'>,
): Promise<PlanView> {
  const campaignId = campaignIdOf(plan);
  return planView(plan, campaignId === null ? undefined : await store.readCampaign(campaignId));
}

/** The error budget in figures. */
export function errorBudgetView(
  gateState: GateState | undefined,
  config: TaskSnapshot['task']['config']['gate'],
  { gate }: Pick<ApiDeps, 'gate'>,
): SpendView['errorBudget'] {
  const budget = gateState?.errorBudget ?? { tests: 0, promotionsInBlock: 0 };
  const { alpha, block } = config;
  return {
    alpha,
    block,
    tests: budget.tests,
    testsInBlock: block === 'life' ? budget.tests : budget.tests % block,
    promotionsInBlock: budget.promotionsInBlock,
    nextAlphaLevel: gate.nextAlphaLevel(budget, config),
  };
}
