import { moveCampaign, type Campaign } from '../../domain/campaign.ts';
import { pinArm, rollBackTo, unpin, type Order, type PlanOrder } from '../../domain/plan-by-hand.ts';
import type { ServingPlan } from '../../domain/plan.ts';
import { pinBody, reasonBody, rollBackBody } from './actions.schema.ts';
import type { ApiDeps } from './api-deps.ts';
import { assertAllowed, commitByHand } from './commit-by-hand.ts';
import { assertSeen, planTag } from './etag.ts';
import { findTask } from './find-task.ts';
import { operation, type ApiAnswer, type ApiRequest, type Operation } from './operation.schema.ts';
import { taskParams } from './parts.schema.ts';
import { planSchema, type PlanView } from './plan.schema.ts';
import { findPlan } from './plans.ts';
import { planView } from './views.ts';

const tag = 'Actions';

type TaskRequest<Body> = ApiRequest<{ readonly task: string }, unknown, Body>;

/** Give one arm all traffic. */
export const pinVariant: Operation<PlanView> = operation({
  id: 'pinVariant',
  method: 'post',
  path: '/api/tasks/{task}/pin',
  tag,
  summary: 'Give one arm all traffic',
  description:
    'Also that of conversations under way. Nothing is learned, tested or promoted meanwhile. A pin ends with its arm: when the developer changes the prompt, or the arm is rolled back.',
  role: 'operator',
  params: taskParams,
  body: pinBody,
  result: planSchema,
  isConditional: true,
  handle: async (request, deps) =>
    orderPlan(request, deps, {
      action: 'pin',
      decide: async (plan, order) => pinArm(plan, request.body.variantId, order),
    }),
});

/** Let the bandit divide traffic again. */
export const unpinVariant: Operation<PlanView> = operation({
  id: 'unpin',
  method: 'post',
  path: '/api/tasks/{task}/unpin',
  tag,
  summary: 'Let the bandit divide traffic again',
  role: 'operator',
  params: taskParams,
  body: reasonBody,
  result: planSchema,
  isConditional: true,
  handle: async (request, deps) =>
    orderPlan(request, deps, { action: 'unpin', decide: async (plan, order) => unpin(plan, order) }),
});

/** Serve again what an earlier plan served. */
export const rollBack: Operation<PlanView> = operation({
  id: 'rollBack',
  method: 'post',
  path: '/api/tasks/{task}/roll-back',
  tag,
  summary: 'Serve again what an earlier plan served',
  description:
    'Appends a plan; history stays. Conversations leave what is taken away at their next request, and its feedback stops counting. Only plans of the present baseline can be gone back to.',
  role: 'operator',
  params: taskParams,
  body: rollBackBody,
  result: planSchema,
  isConditional: true,
  handle: async (request, deps) =>
    orderPlan(request, deps, {
      action: 'roll-back',
      decide: async (plan, order) =>
        rollBackTo(plan, await findPlan(deps.store, plan.taskId, request.body.toVersion), order),
    }),
});

/** What a person may order of a task's plan. Each appends a plan. */
export const planActions: readonly Operation[] = [pinVariant, unpinVariant, rollBack];

interface PlanAction {
  readonly action: 'pin' | 'unpin' | 'roll-back';
  readonly decide: (plan: ServingPlan, order: Order) => Promise<PlanOrder>;
}

async function orderPlan(
  request: TaskRequest<{ readonly reason?: string | undefined }>,
  deps: ApiDeps,
  { action, decide }: PlanAction,
): Promise<ApiAnswer<PlanView>> {
  const { params, actor, ifMatch, body } = request;
  const next = await commitByHand(deps, { actor, action }, async () => {
    const { plan } = await findTask(deps.store, params.task);
    assertSeen(ifMatch, planTag(plan));
    const order = { by: actor.id, atMs: deps.clock.now() };
    const ordered = await decide(plan, order);
    assertAllowed(ordered);
    const campaigns =
      action === 'roll-back' ? await campaignsTakenAway(plan, ordered.plan, { order, body, deps }) : [];
    return {
      kind: 'change',
      change: { taskId: params.task, plan: ordered.plan, campaigns },
      audit: {
        subject: action === 'roll-back' ? 'plan' : (ordered.plan.pinnedId ?? plan.pinnedId ?? 'plan'),
        before: `plan ${plan.version}`,
        after: `plan ${ordered.plan.version}`,
        reason: body.reason ?? null,
      },
      result: ordered.plan,
    };
  });
  return { kind: 'value', value: planView(next, undefined), etag: planTag(next) };
}

/** The campaigns whose variants a plan takes away end with it. */
async function campaignsTakenAway(
  before: ServingPlan,
  after: ServingPlan,
  {
    order,
    body,
    deps: { store },
  }: {
    readonly order: Order;
    readonly body: { readonly reason?: string | undefined };
    readonly deps: Pick<ApiDeps, 'store'>;
  },
): Promise<readonly Campaign[]> {
  const kept = new Set(after.arms.map(({ variantId }) => variantId));
  const gone = new Set(before.arms.map(({ variantId }) => variantId).filter((id) => !kept.has(id)));
  const campaigns = await store.readCampaigns(before.taskId, 'all');
  const said = body.reason === undefined ? '' : `: ${body.reason}`;
  return campaigns
    .filter(
      ({ state, proposal }) => (state === 'promoted' || state === 'canary') && gone.has(proposal.variant.id),
    )
    .map((campaign) =>
      moveCampaign(campaign, 'rolled-back', {
        atMs: order.atMs,
        reason: `rolled back by ${order.by}${said}`,
      }),
    );
}
