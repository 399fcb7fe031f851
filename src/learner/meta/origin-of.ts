import type { Campaign } from '../../domain/campaign.ts';

/** The campaign that an optimizer proposed, where the gate has restarted it since; restarts form a chain. */
export function originOf(campaign: Campaign, known: ReadonlyMap<string, Campaign>): Campaign {
  let origin = campaign;
  for (let step = 0; step < known.size; step += 1) {
    const { originCampaignId } = origin.proposal;
    const before = originCampaignId === null ? undefined : known.get(originCampaignId);
    if (before === undefined) break;
    origin = before;
  }
  return origin;
}

/** Campaigns by their ids, and the ids of those that the gate has restarted. */
export function restartsIn(campaigns: readonly Campaign[]): {
  readonly known: ReadonlyMap<string, Campaign>;
  readonly restarted: ReadonlySet<string>;
} {
  return {
    known: new Map(campaigns.map((campaign) => [campaign.id, campaign])),
    restarted: new Set(campaigns.flatMap(({ proposal }) => proposal.originCampaignId ?? [])),
  };
}
