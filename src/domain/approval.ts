import { moveCampaign, promotableByHand, type Campaign } from './campaign.ts';

/** What comes of a person's word on a proposal: the campaign that replaces it, or why that cannot be. */
export type HandDecision =
  | { readonly kind: 'changed'; readonly campaign: Campaign }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * A person lets a proposal serve that has passed. The gate admits it in its next cycle, as it would have by itself,
 * and then counts it in the error budget. Whoever comes second changes nothing.
 */
export function approveCampaign(campaign: Campaign, by: string, atMs: number): HandDecision {
  const { state, verdict, approval } = campaign;
  if (!isAwaitingApproval(campaign))
    return {
      kind: 'refused',
      reason:
        approval !== undefined && state === 'shadow'
          ? `${approval.by} has approved it already`
          : `it is ${state}${verdict === null ? '' : `, its verdict is ${verdict.kind}`}; only what has passed and waits can be approved`,
    };
  return {
    kind: 'changed',
    campaign: { ...campaign, revision: campaign.revision + 1, approval: { by, atMs } },
  };
}

/** A person ends a proposal that does not serve yet; who, when and why stay in its history. */
export function rejectByHand(
  campaign: Campaign,
  by: string,
  { reason, atMs }: { readonly reason: string; readonly atMs: number },
): HandDecision {
  const { state } = campaign;
  if (state !== 'proposed' && state !== 'screened' && state !== 'shadow')
    return { kind: 'refused', reason: `it is ${state}; only what does not serve yet can be rejected` };
  return {
    kind: 'changed',
    campaign: moveCampaign(campaign, 'rejected', { atMs, reason: `rejected by ${by}: ${reason}` }),
  };
}

/** A person makes a proposal the incumbent without the gate's verdict; who, when and why stay in its history. */
export function promoteByHand(
  campaign: Campaign,
  by: string,
  { reason, atMs }: { readonly reason: string; readonly atMs: number },
): HandDecision {
  const { state } = campaign;
  if (!promotableByHand.includes(state))
    return { kind: 'refused', reason: `it is ${state}; only what was screened and is open can be promoted` };
  return {
    kind: 'changed',
    campaign: moveCampaign(campaign, 'promoted', {
      atMs,
      reason: `promoted by ${by}: ${reason}`,
      byHand: { by, atMs },
    }),
  };
}

/** Whether a proposal has passed and nothing but a person's word is missing. */
export function isAwaitingApproval({ state, verdict, approval }: Campaign): boolean {
  return state === 'shadow' && verdict?.kind === 'promote' && approval === undefined;
}
