import type { Campaign } from '../domain/campaign.ts';
import { primaryLedger, type Ledger } from '../domain/histogram.ts';
import { baselineVariantId } from '../domain/variant.ts';
import { lowerBoundOf } from '../stats/mean-interval.ts';
import { anchorLedger } from './test-evidence.ts';

/** A promotion of this baseline version with the evidence that it was made by. */
export interface PastPromotion {
  readonly campaign: Pick<Campaign, 'proposal' | 'incumbentId' | 'alphaLevel' | 'terms'>;
  readonly ledger: Ledger;
}

/**
 * The anchor: of the developer's baseline and everything that was promoted since, the variant with the highest lower
 * confidence bound against the baseline. Equivalence is tested against it as well as against the incumbent, so that a
 * chain of steps that are each "no worse by m" ends no lower than m below the best there has been.
 *
 * The baseline's bound is 0. A promotion adds, to the bound of the variant that it was compared with, the lower bound of
 * its own difference, at the level α_t of its test (`lowerBoundOf`); for equivalence the greater of what follows from
 * the incumbent and from the anchor. Superiority proves at least 0, with the judge's help too, whose corrected pairs
 * are not counted here. An improvement by less than was given away before does not move the anchor. Among equals the
 * earliest, so that nothing that is only no worse takes its place.
 *
 * `promotions` oldest first; those that were rolled back are not among them.
 */
export function anchorOf(promotions: readonly PastPromotion[]): string {
  const bounds = new Map([[baselineVariantId, 0]]);
  for (const { campaign, ledger } of promotions) {
    const { proposal, incumbentId, alphaLevel, terms } = campaign;
    if (alphaLevel === null) continue;
    const boundOver = (variantId: string, name: string, least: number): number =>
      (bounds.get(variantId) ?? -1) + Math.max(least, lowerBoundOf(ledger[name] ?? {}, alphaLevel));
    const isEquivalence = terms?.mode === 'equivalence';
    const least = isEquivalence ? -terms.margin : 0;
    const anchorId = terms?.anchorId ?? null;
    bounds.set(
      proposal.variant.id,
      Math.max(
        boundOver(incumbentId, primaryLedger, least),
        anchorId === null ? -1 : boundOver(anchorId, anchorLedger, least),
      ),
    );
  }
  return [...bounds].reduce((best, other) => (other[1] > best[1] ? other : best))[0];
}
