import { primaryLedger } from '../domain/histogram.ts';
import type { Store } from '../store/store.ts';
import { promotionOutcome, shrinkageOf, type PromotionOutcome, type ShrinkageReport } from './shrinkage.ts';

/** Answered episodes that are read for one promotion, the first ones since it was admitted. */
const episodesMax = 10_000;

/** Reads every promotion of a task with what came of it, the oldest first. */
export async function readShrinkage(
  taskId: string,
  store: Pick<Store, 'readCampaigns' | 'readLedger' | 'readEpisodeOutcomes'>,
): Promise<ShrinkageReport> {
  const campaigns = await store.readCampaigns(taskId, 'all');
  const promotions: PromotionOutcome[] = [];
  for (const campaign of campaigns) {
    if (campaign.canary === null || !campaign.history.some(({ to }) => to === 'promoted')) continue;
    const ledger = await store.readLedger(campaign.id);
    const outcomes = await store.readEpisodeOutcomes({
      taskId,
      afterMs: campaign.canary.startedAtMs,
      hasReward: true,
      order: 'oldest',
      limit: episodesMax,
    });
    promotions.push(promotionOutcome(campaign, ledger[primaryLedger] ?? {}, outcomes));
  }
  return shrinkageOf(promotions);
}
