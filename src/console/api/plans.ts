import { RatchetError } from '../../domain/ratchet-error.ts';
import type { ServingPlan } from '../../domain/plan.ts';
import type { Store } from '../../store/store.ts';
import { planTag } from './etag.ts';
import { findTask } from './find-task.ts';
import { operation, type Operation } from './operation.schema.ts';
import { decodeCursor, encodeCursor, type Page } from './page.ts';
import { pageSchema, partQuery, planParams, taskParams } from './parts.schema.ts';
import { planSchema, type PlanView } from './plan.schema.ts';
import { presentPlan } from './tasks.ts';
import { campaignIdOf, planView } from './views.ts';

const tag = 'Plans';

/** Plans, newest first. */
export const listPlans: Operation<Page<PlanView>> = operation({
  id: 'listPlans',
  method: 'get',
  path: '/api/tasks/{task}/plans',
  tag,
  summary: 'Plans, newest first',
  role: 'viewer',
  params: taskParams,
  query: partQuery,
  result: pageSchema(planSchema),
  handle: async ({ params: { task: taskId }, query: { limit, cursor } }, { store }) => {
    const before = decodeCursor(cursor, ['number']);
    await findTask(store, taskId);
    const version = before === undefined ? undefined : Number(before[0]);
    const plans = await store.readPlans(taskId, limit, version);
    const last = plans.at(-1)?.version;
    return {
      kind: 'value',
      value: {
        items: await Promise.all(plans.map(async (plan) => await withVerdict(plan, store))),
        next: last === undefined || last === 1 ? null : encodeCursor(last),
      },
    };
  },
});

/** The plan that serves now. */
export const readPlan: Operation<PlanView> = operation({
  id: 'readPlan',
  method: 'get',
  path: '/api/tasks/{task}/plan',
  tag,
  summary: 'The plan that serves now',
  description: 'Its ETag is what `If-Match` of the actions on the plan takes: "plan-VERSION".',
  role: 'viewer',
  params: taskParams,
  result: planSchema,
  handle: async ({ params: { task: taskId } }, deps) => {
    const snapshot = await findTask(deps.store, taskId);
    return {
      kind: 'value',
      value: await presentPlan(snapshot, deps),
      etag: planTag(snapshot.plan),
    };
  },
});

/** One version of the plan. */
export const readPlanVersion: Operation<PlanView> = operation({
  id: 'readPlanVersion',
  method: 'get',
  path: '/api/tasks/{task}/plans/{version}',
  tag,
  summary: 'One version of the plan',
  role: 'viewer',
  params: planParams,
  result: planSchema,
  handle: async ({ params: { task: taskId, version } }, { store }) => ({
    kind: 'value',
    value: await withVerdict(await findPlan(store, taskId, version), store),
  }),
});

/** Serving plans with the verdicts that made them. */
export const planOperations: readonly Operation[] = [listPlans, readPlan, readPlanVersion];

/** A plan by its version. Rejects with `not_found` where there is none. */
export async function findPlan(
  store: Pick<Store, 'readTask' | 'readPlans'>,
  taskId: string,
  version: number,
): Promise<ServingPlan> {
  await findTask(store, taskId);
  const [plan] = await store.readPlans(taskId, 1, version + 1);
  if (plan?.version !== version) throw new RatchetError('not_found', `the task has no plan ${version}`);
  return plan;
}

async function withVerdict(plan: ServingPlan, store: Pick<Store, 'readCampaign'>): Promise<PlanView> {
  const campaignId = campaignIdOf(plan);
  return planView(plan, campaignId === null ? undefined : await store.readCampaign(campaignId));
}
