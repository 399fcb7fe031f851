import type { Campaign } from './campaign.ts';
import type { Proposal } from './proposal.ts';

/**
 * A campaign for a proposal, with nothing known of it yet. It is frozen at the moment of its proposal, so that all its
 * evidence is younger. Give the same proposal the same id on every replica, so that it is tried once.
 */
export function openCampaign(
  id: string,
  proposal: Proposal,
  { taskId, incumbentId }: Pick<Campaign, 'taskId' | 'incumbentId'>,
): Campaign {
  return {
    id,
    taskId,
    revision: 1,
    state: 'proposed',
    proposal,
    incumbentId,
    frozenAtMs: proposal.atMs,
    screening: null,
    alphaLevel: null,
    verdict: null,
    canary: null,
    history: [],
  };
}
