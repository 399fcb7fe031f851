import type { CampaignView } from '../../console/api/campaign.schema.ts';
import { readCampaign } from '../../console/api/campaigns.ts';
import type { DecisionDetail, DecisionView } from '../../console/api/decision.schema.ts';
import { searchDecisions } from '../../console/api/decisions.ts';
import type { Page } from '../../console/api/page.ts';
import type { PlanView } from '../../console/api/plan.schema.ts';
import { readPlanVersion } from '../../console/api/plans.ts';
import type { PromptDiff, VariantView } from '../../console/api/task.schema.ts';
import { readTask } from '../../console/api/tasks.ts';
import { readVariant } from '../../console/api/variants.ts';
import { orNull } from '../../console/pages/or-null.ts';
import type { TaskDetail } from '../../console/task-view.ts';
import type { Ask } from './control.ts';
import { findDecision } from './find-decision.ts';

/** A request with all that led to it and all that came of it; `null` where something is past retention. */
export interface Explanation {
  readonly decision: DecisionDetail;
  readonly task: TaskDetail | null;
  /** The plan that it was served by. */
  readonly plan: PlanView | null;
  readonly variant: (VariantView & { readonly prompt: PromptDiff }) | null;
  /** The newest campaign for the variant; `null` for the agent's own prompt too. */
  readonly campaign: CampaignView | null;
  /** Recorded requests of its episode, the oldest 200. */
  readonly episode: Page<DecisionView>;
}

/** Reads why a request was served as it was. `name` as for `findDecision`, which says how it rejects. */
export async function readExplanation(ask: Ask, name: string): Promise<Explanation> {
  const decision = await findDecision(ask, name);
  const { taskId: task, variantId: variant, planVersion, episodeId, scope } = decision;
  const known = await orNull(ask(readVariant, { params: { task, variant } }));
  const campaign = known?.campaignIds.at(-1);
  return {
    decision,
    task: await orNull(ask(readTask, { params: { task } })),
    plan: await orNull(ask(readPlanVersion, { params: { task, version: String(planVersion) } })),
    variant: known,
    campaign: campaign === undefined ? null : await orNull(ask(readCampaign, { params: { campaign } })),
    episode: await ask(searchDecisions, {
      query: { episode: episodeId, scope, task, order: 'oldest', limit: '200' },
    }),
  };
}
