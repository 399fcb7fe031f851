import { approveCampaign, promoteByHand, rejectByHand, type HandDecision } from '../../domain/approval.ts';
import type { AuditAction } from '../../domain/audit-entry.ts';
import type { Campaign } from '../../domain/campaign.ts';
import { promoteArm } from '../../domain/plan-by-hand.ts';
import type { ServingPlan } from '../../domain/plan.ts';
import { RatchetError } from '../../domain/ratchet-error.ts';
import { variantSkeleton } from '../../domain/render-variant.ts';
import type { TaskSnapshot } from '../../store/plan-store.ts';
import { proposalBody, reasonBody, reasonedBody } from './actions.schema.ts';
import type { ApiDeps } from './api-deps.ts';
import { campaignSchema, type CampaignView } from './campaign.schema.ts';
import { assertAllowed, commitByHand } from './commit-by-hand.ts';
import { assertSeen, campaignTag, planTag } from './etag.ts';
import { findCampaign, findTask } from './find-task.ts';
import { operation, type ApiAnswer, type ApiRequest, type Operation } from './operation.schema.ts';
import { campaignParams, taskParams } from './parts.schema.ts';
import { proposeByHand } from './propose-by-hand.ts';
import { findVariant } from './variants.ts';
import { campaignView } from './views.ts';

const tag = 'Actions';

/** What all orders about one campaign have in common. */
const onCampaign = {
  method: 'post',
  tag,
  role: 'operator',
  params: campaignParams,
  result: campaignSchema,
  isConditional: true,
} as const;

/** Propose edits by hand. */
export const propose: Operation<CampaignView> = operation({
  id: 'propose',
  method: 'post',
  path: '/api/tasks/{task}/proposals',
  tag,
  summary: 'Propose edits by hand',
  description:
    'Opens a campaign of the optimizer `by-hand`, which the gate screens, tests and judges like any other; nothing serves before it has passed.',
  role: 'operator',
  params: taskParams,
  body: proposalBody,
  result: campaignSchema,
  status: 201,
  isConditional: true,
  handle: async ({ params: { task: taskId }, body, actor, ifMatch }, deps) => {
    const made = await commitByHand(deps, { actor, action: 'propose' }, async () => {
      const snapshot = await findTask(deps.store, taskId);
      assertSeen(ifMatch, planTag(snapshot.plan));
      const campaign = proposeByHand(snapshot, {
        edits: body.edits,
        parent: await findVariant(deps.store, snapshot, body.parentId ?? snapshot.plan.incumbentId),
        campaigns: await deps.store.readCampaigns(taskId, 'all'),
        atMs: deps.clock.now(),
      });
      const audit = { subject: campaign.id, before: null, after: 'proposed', reason: body.reason ?? null };
      return { kind: 'change', change: { taskId, newCampaigns: [campaign] }, audit, result: campaign };
    });
    return answerWith(made);
  },
});

/** Let a proposal serve that has passed and waits for a person. */
export const approve: Operation<CampaignView> = operation({
  ...onCampaign,
  id: 'approve',
  path: '/api/campaigns/{campaign}/approve',
  summary: 'Let a proposal serve that has passed and waits for a person',
  description: 'The gate admits it as a canary in its next cycle, and counts it in the error budget then.',
  body: reasonBody,
  handle: async (request, deps) =>
    orderCampaign(request, deps, {
      action: 'approve',
      decide: (campaign, order) => approveCampaign(campaign, order.by, order.atMs),
    }),
});

/** End a proposal that does not serve yet. */
export const reject: Operation<CampaignView> = operation({
  ...onCampaign,
  id: 'reject',
  path: '/api/campaigns/{campaign}/reject',
  summary: 'End a proposal that does not serve yet',
  body: reasonedBody,
  handle: async (request, deps) =>
    orderCampaign(request, deps, {
      action: 'reject',
      decide: (campaign, { by, atMs }) => rejectByHand(campaign, by, { reason: request.body.reason, atMs }),
    }),
});

/** Make a proposal the incumbent without the gate’s verdict. */
export const promote: Operation<CampaignView> = operation({
  ...onCampaign,
  id: 'promote',
  path: '/api/campaigns/{campaign}/promote',
  summary: 'Make a proposal the incumbent without the gate’s verdict',
  description:
    'Only what is open and has been screened. Plan and campaign say by whom; the error budget does not count it. Its traffic grows by what it delivers; pin it to give it all at once.',
  body: reasonedBody,
  handle: async (request, deps) =>
    orderCampaign(request, deps, {
      action: 'promote',
      decide: (campaign, { by, atMs }) => promoteByHand(campaign, by, { reason: request.body.reason, atMs }),
      planFor: (campaign, snapshot, order) => {
        const { variant } = campaign.proposal;
        assertServable(variant, snapshot);
        const arm = { variantId: variant.id, campaignId: campaign.id };
        const ordered = promoteArm(snapshot.plan, arm, order);
        assertAllowed(ordered);
        return ordered.plan;
      },
    }),
});

/** What a person may order of a proposal, and how to make one. */
export const campaignActions: readonly Operation[] = [propose, approve, reject, promote];

interface Order {
  readonly by: string;
  readonly atMs: number;
}

interface CampaignAction {
  readonly action: AuditAction;
  readonly decide: (campaign: Campaign, order: Order) => HandDecision;
  /** The plan that follows from it; absent: none does. */
  readonly planFor?: (campaign: Campaign, snapshot: TaskSnapshot, order: Order) => ServingPlan;
}

async function orderCampaign(
  request: ApiRequest<{ readonly campaign: string }, unknown, { readonly reason?: string | undefined }>,
  deps: ApiDeps,
  { action, decide, planFor }: CampaignAction,
): Promise<ApiAnswer<CampaignView>> {
  const { params, actor, ifMatch, body } = request;
  const changed = await commitByHand(deps, { actor, action }, async () => {
    const campaign = await findCampaign(deps.store, params.campaign);
    assertSeen(ifMatch, campaignTag(campaign));
    const snapshot = await findTask(deps.store, campaign.taskId);
    const order = { by: actor.id, atMs: deps.clock.now() };
    const decision = decide(campaign, order);
    assertAllowed(decision);
    const plan = planFor?.(campaign, snapshot, order);
    return {
      kind: 'change',
      change: {
        taskId: campaign.taskId,
        campaigns: [decision.campaign],
        ...(plan === undefined ? {} : { plan }),
      },
      audit: {
        subject: campaign.id,
        before: campaign.state,
        after: action === 'approve' ? 'approved' : decision.campaign.state,
        reason: body.reason ?? null,
      },
      result: decision.campaign,
    };
  });
  return answerWith(changed);
}

/** A promotion of what cannot be rendered would change nothing but the figures. */
function assertServable(
  variant: Campaign['proposal']['variant'],
  { task, plan }: Pick<TaskSnapshot, 'task' | 'plan'>,
): void {
  const { skeleton, version } = task.baseline;
  const isOfNow = variant.baselineVersion === plan.baselineVersion && version === plan.baselineVersion;
  if (isOfNow && variantSkeleton(skeleton, variant.edits, task.config.protect) !== undefined) return;
  throw new RatchetError('conflict', 'its edits have no place in the prompt that the agent sends now');
}

function answerWith(campaign: Campaign): ApiAnswer<CampaignView> {
  return { kind: 'value', value: campaignView(campaign), etag: campaignTag(campaign) };
}
