import type { Campaign } from '../domain/campaign.ts';

/**
 * Why a campaign is where it is: what ended it, where it did not come to serve or does not any more, which need not be its
 * verdict; else the verdict; else its last step. Empty for one that has just been proposed.
 */
export function campaignReason({
  state,
  verdict,
  history,
}: Pick<Campaign, 'state' | 'verdict' | 'history'>): string {
  const last = history.at(-1)?.reason ?? '';
  const isGone = state === 'rejected' || state === 'inconclusive' || state === 'rolled-back';
  return isGone ? last : (verdict?.reason ?? last);
}
