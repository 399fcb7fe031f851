import type { Campaign } from '../domain/campaign.ts';

/** Where the scale of scores is fastened. */
export interface Standing {
  readonly incumbentId: string;
  /** Its mean reward in [0, 1]; `null` where it is not known. */
  readonly meanReward: number | null;
}

/**
 * Estimated mean reward of each campaign's candidate as an integer in [0, 100], by campaign id; campaigns of one
 * baseline version, oldest first.
 *
 * A verdict knows how far a candidate lies from the incumbent of its time, paired request by request. The chain of
 * promotions carries that back from the level of today's incumbent: level(parent) = level(candidate) − D for a
 * promoted campaign, score = level(its incumbent) + D. Campaigns without pairs, or off the chain, have no score.
 */
export function scoresOf(campaigns: readonly Campaign[], standing: Standing): ReadonlyMap<string, number> {
  const levels = new Map<string, number>();
  if (standing.meanReward !== null) levels.set(standing.incumbentId, standing.meanReward);
  for (const { state, proposal, incumbentId, verdict } of campaigns.toReversed()) {
    const level = levels.get(proposal.variant.id);
    const difference = verdict?.evidence.meanDifference ?? null;
    if (state === 'promoted' && level !== undefined && difference !== null && !levels.has(incumbentId))
      levels.set(incumbentId, level - difference);
  }
  return new Map(
    campaigns.flatMap(({ id, incumbentId, verdict }): [string, number][] => {
      const level = levels.get(incumbentId);
      const difference = verdict?.evidence.meanDifference ?? null;
      if (level === undefined || difference === null) return [];
      return [[id, Math.round(100 * Math.min(1, Math.max(0, level + difference)))]];
    }),
  );
}
