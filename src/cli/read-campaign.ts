import type { Campaign } from '../domain/campaign.ts';
import { RatchetError } from '../domain/ratchet-error.ts';
import type { TaskSnapshot } from '../store/plan-store.ts';
import type { Store } from '../store/store.ts';

/** A campaign with its task. Rejects with `not_found` where either does not exist. */
export async function readCampaignWithTask(
  store: Pick<Store, 'readCampaign' | 'readTask'>,
  campaignId: string,
): Promise<{ readonly campaign: Campaign; readonly snapshot: TaskSnapshot }> {
  const campaign = await store.readCampaign(campaignId);
  const snapshot = campaign && (await store.readTask(campaign.taskId));
  if (campaign === undefined || snapshot === undefined)
    throw new RatchetError(
      'not_found',
      `there is no campaign "${campaignId}"; ratchet review lists those that wait`,
    );
  return { campaign, snapshot };
}
