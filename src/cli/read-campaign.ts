import type { Campaign } from '../domain/campaign.ts';
import { RatchetError } from '../domain/ratchet-error.ts';
import type { TaskSnapshot } from '../store/plan-store.ts';
import type { Store } from '../store/store.ts';
import { byBeginning, theOne } from './by-beginning.ts';

/**
 * A campaign, by its id or the beginning of it, with its task. Rejects with `not_found` where there is no one such
 * campaign, or its task is gone.
 */
export async function readCampaignWithTask(
  store: Pick<Store, 'readCampaign' | 'readCampaigns' | 'readSnapshot' | 'readTask'>,
  name: string,
): Promise<{ readonly campaign: Campaign; readonly snapshot: TaskSnapshot }> {
  const campaign =
    (await store.readCampaign(name)) ??
    theOne(await byBeginning(name, async () => allCampaigns(store)), {
      kind: 'campaign',
      name,
      list: 'ratchet campaigns',
    });
  const snapshot = await store.readTask(campaign.taskId);
  if (snapshot === undefined)
    throw new RatchetError('not_found', `the task of campaign "${campaign.id}" is gone`);
  return { campaign, snapshot };
}

async function allCampaigns(
  store: Pick<Store, 'readCampaigns' | 'readSnapshot'>,
): Promise<readonly Campaign[]> {
  const { tasks } = await store.readSnapshot(0);
  const ofTasks = await Promise.all(tasks.map(async ({ task }) => store.readCampaigns(task.id, 'all')));
  return ofTasks.flat();
}
