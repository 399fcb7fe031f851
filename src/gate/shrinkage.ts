import type { Campaign } from '../domain/campaign.ts';
import type { Histogram } from '../domain/histogram.ts';
import { countOf, meanOf } from '../domain/histogram.ts';
import type { DrawnReward } from '../stats/drawn-reward.ts';
import { stratifiedContrast } from '../stats/stratified-contrast.ts';
import type { EpisodeOutcome } from '../store/outcome-store.ts';
import { standardErrorOf } from './histogram-error.ts';
import { inStrata } from './time-strata.ts';

/** What a promotion promised, and what came of it. Differences candidate minus the incumbent of then. */
export interface PromotionOutcome {
  readonly campaignId: string;
  readonly variantId: string;
  readonly incumbentId: string;
  readonly optimizer: string;
  readonly state: Campaign['state'];
  readonly promotedAtMs: number;
  /** Mean over the pairs of its test; `null` where it had none. */
  readonly shadow: { readonly mean: number; readonly standardError: number; readonly pairs: number } | null;
  /**
   * Of rewards since it was admitted, within plan version × 100 answered episodes × segment; `null` where both arms did
   * not serve side by side, or that is no longer stored.
   */
  readonly live: LiveEffect | null;
}

export interface LiveEffect {
  readonly mean: number;
  readonly standardError: number;
  readonly low: number;
  readonly high: number;
  readonly candidateEpisodes: number;
  readonly incumbentEpisodes: number;
}

/** Shadow estimates beside live values, over all promotions of a task. */
export interface ShrinkageReport {
  readonly promotions: readonly PromotionOutcome[];
  /** Those with both; the figures below are of these. */
  readonly compared: number;
  /** Means over promotions, each weighted by the precision of its live value; `null` where none can be compared. */
  readonly shadowMean: number | null;
  readonly liveMean: number | null;
  /**
   * How much of a promised gain arrives: b in live = b · shadow, by least squares weighted by 1/s.e.² of the live values,
   * with its standard error from these. 1: all; `null` where none can be compared or nothing was promised.
   */
  readonly kept: { readonly ratio: number; readonly standardError: number } | null;
  /** Promotions whose whole live interval (95 %) lies below zero. */
  readonly harmful: number;
}

/** The outcome of one campaign that was promoted. `outcomes`: episodes since it was admitted, in any order. */
export function promotionOutcome(
  campaign: Campaign,
  shadow: Histogram,
  outcomes: readonly EpisodeOutcome[],
): PromotionOutcome {
  const { id, incumbentId, state, proposal, history } = campaign;
  const mean = meanOf(shadow);
  const standardError = standardErrorOf(shadow);
  return {
    campaignId: id,
    variantId: proposal.variant.id,
    incumbentId,
    optimizer: proposal.optimizer,
    state,
    promotedAtMs: history.find(({ to }) => to === 'promoted')?.atMs ?? proposal.atMs,
    shadow: mean === null || standardError === null ? null : { mean, standardError, pairs: countOf(shadow) },
    live: liveEffect(outcomes, proposal.variant.id, incumbentId),
  };
}

/** The report over promotions. */
export function shrinkageOf(promotions: readonly PromotionOutcome[]): ShrinkageReport {
  const both = promotions.flatMap(({ shadow, live }) =>
    shadow === null || live === null || live.standardError === 0
      ? []
      : [{ shadow: shadow.mean, live: live.mean, weight: live.standardError ** -2 }],
  );
  const sum = (of: (pair: (typeof both)[number]) => number): number =>
    both.reduce((total, pair) => total + of(pair), 0);
  const weights = sum(({ weight }) => weight);
  const squares = sum(({ weight, shadow }) => weight * shadow ** 2);
  return {
    promotions,
    compared: both.length,
    shadowMean: weights === 0 ? null : sum(({ weight, shadow }) => weight * shadow) / weights,
    liveMean: weights === 0 ? null : sum(({ weight, live }) => weight * live) / weights,
    kept:
      squares === 0
        ? null
        : {
            ratio: sum(({ weight, shadow, live }) => weight * shadow * live) / squares,
            standardError: squares ** -0.5,
          },
    harmful: promotions.filter(({ live }) => live !== null && live.high < 0).length,
  };
}

function liveEffect(
  outcomes: readonly EpisodeOutcome[],
  candidateId: string,
  incumbentId: string,
): LiveEffect | null {
  const candidate = new Map<string, DrawnReward[]>();
  const incumbent = new Map<string, DrawnReward[]>();
  for (const { variantId, stratum, reward, propensity } of inStrata(outcomes)) {
    if (variantId !== candidateId && variantId !== incumbentId) continue;
    const strata = variantId === candidateId ? candidate : incumbent;
    strata.set(stratum, [...(strata.get(stratum) ?? []), { reward, propensity }]);
  }
  const contrast = stratifiedContrast(candidate, incumbent);
  if (contrast.kind === 'not-identified') return null;
  const { estimate, standardError, low, high, treated, control } = contrast;
  return {
    mean: estimate,
    standardError,
    low,
    high,
    candidateEpisodes: treated,
    incumbentEpisodes: control,
  };
}
