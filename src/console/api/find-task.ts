import type { Campaign } from '../../domain/campaign.ts';
import { RatchetError } from '../../domain/ratchet-error.ts';
import type { TaskSnapshot } from '../../store/plan-store.ts';
import type { Store } from '../../store/store.ts';

/** A task by its id. Rejects with `not_found` where there is none. */
export async function findTask(store: Pick<Store, 'readTask'>, taskId: string): Promise<TaskSnapshot> {
  const snapshot = await store.readTask(taskId);
  if (snapshot === undefined) throw new RatchetError('not_found', `there is no task "${taskId}"`);
  return snapshot;
}

/** A campaign by its id. Rejects with `not_found` where there is none. */
export async function findCampaign(
  store: Pick<Store, 'readCampaign'>,
  campaignId: string,
): Promise<Campaign> {
  const campaign = await store.readCampaign(campaignId);
  if (campaign === undefined) throw new RatchetError('not_found', `there is no campaign "${campaignId}"`);
  return campaign;
}
