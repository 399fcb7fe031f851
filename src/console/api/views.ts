import { diffWordsWithSpace } from 'diff';
import { isAwaitingApproval } from '../../domain/approval.ts';
import { applyEdits } from '../../domain/apply-edits.ts';
import type { Campaign } from '../../domain/campaign.ts';
import type { Edit } from '../../domain/edit.ts';
import type { ServingPlan } from '../../domain/plan.ts';
import { skeletonText } from '../../domain/skeleton.ts';
import type { Baseline } from '../../domain/task.ts';
import type { DecisionRecord } from '../../store/decision-search.ts';
import type { CampaignView } from './campaign.schema.ts';
import type { DecisionView } from './decision.schema.ts';
import type { PlanView } from './plan.schema.ts';
import type { PromptDiff } from './task.schema.ts';

/** Longest texts that are compared word by word; longer ones are told as a whole. */
const diffCharactersMax = 200_000;

/** A campaign as people read it. */
export function campaignView(campaign: Campaign): CampaignView {
  const { proposal, approval, byHand, terms } = campaign;
  const { id, taskId, revision, state, incumbentId, frozenAtMs, screening } = campaign;
  const { alphaLevel, canary, history, verdict } = campaign;
  return {
    id,
    taskId,
    revision,
    state,
    incumbentId,
    frozenAtMs,
    screening,
    alphaLevel,
    canary,
    history,
    variantId: proposal.variant.id,
    parentId: proposal.parentId,
    baselineVersion: proposal.variant.baselineVersion,
    edits: proposal.variant.edits,
    optimizer: proposal.optimizer,
    purpose: proposal.purpose ?? 'improve',
    originCampaignId: proposal.originCampaignId,
    shownDecisionIds: proposal.shownDecisionIds,
    costUsd: proposal.costUsd,
    proposedAtMs: proposal.atMs,
    terms: terms ?? null,
    verdict,
    approval: approval ?? null,
    byHand: byHand ?? null,
    isAwaitingApproval: isAwaitingApproval(campaign),
  };
}

/** A plan with what the gate said of the campaign that it is about. */
export function planView(plan: ServingPlan, campaign: Campaign | undefined): PlanView {
  const verdict = campaign?.verdict ?? null;
  return {
    ...plan,
    verdict:
      campaign === undefined || verdict === null
        ? null
        : { campaignId: campaign.id, kind: verdict.kind, reason: verdict.reason },
  };
}

/** The campaign that a plan is about. */
export function campaignIdOf({ cause }: ServingPlan): string | null {
  return 'campaignId' in cause ? cause.campaignId : null;
}

/** A decision without its text. */
export function decisionView({ decision, reward, isOwnReward, hasText }: DecisionRecord): DecisionView {
  const { content: _text, conversationKey: _key, ...shown } = decision;
  return { ...shown, reward, isOwnReward, hasText };
}

/** What one set of edits makes of a prompt that another set has changed otherwise. */
export function promptDiff(
  { skeleton }: Baseline,
  from: { readonly id: string; readonly edits: readonly Edit[] },
  to: { readonly id: string; readonly edits: readonly Edit[] },
): PromptDiff {
  const before = skeletonText(applyEdits(skeleton, from.edits) ?? skeleton);
  const edited = applyEdits(skeleton, to.edits);
  const after = edited === undefined ? null : skeletonText(edited);
  return { fromId: from.id, toId: to.id, before, after, parts: after === null ? [] : partsOf(before, after) };
}

function partsOf(before: string, after: string): PromptDiff['parts'] {
  if (before === after) return [{ kind: 'same', text: before }];
  const compared =
    before.length + after.length > diffCharactersMax
      ? undefined
      : diffWordsWithSpace(before, after, { timeout: 200 });
  return (
    compared?.map(({ value, added, removed }) => ({
      kind: added ? ('added' as const) : removed ? ('removed' as const) : ('same' as const),
      text: value,
    })) ?? [
      { kind: 'removed', text: before },
      { kind: 'added', text: after },
    ]
  );
}
