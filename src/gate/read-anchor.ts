import type { Store } from '../store/store.ts';
import { anchorOf } from './anchor.ts';
import type { TaskView } from './task-view.ts';

/** The variant that an equivalence test is held against beside the incumbent; `null` where they are the same. */
export async function readAnchorId(
  { task, plan }: Pick<TaskView, 'task' | 'plan'>,
  store: Pick<Store, 'readCampaigns' | 'readLedger'>,
): Promise<string | null> {
  const campaigns = await store.readCampaigns(task.id, 'all');
  // In the order of promotion, which need not be that of proposal.
  const promoted = campaigns
    .filter(
      ({ state, proposal }) =>
        state === 'promoted' && proposal.variant.baselineVersion === plan.baselineVersion,
    )
    .toSorted((one, other) => (one.history.at(-1)?.atMs ?? 0) - (other.history.at(-1)?.atMs ?? 0));
  const anchorId = anchorOf(
    await Promise.all(
      promoted.map(async (campaign) => ({ campaign, ledger: await store.readLedger(campaign.id) })),
    ),
  );
  return anchorId === plan.incumbentId ? null : anchorId;
}
