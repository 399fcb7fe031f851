import type { ChangeEvent } from '../../domain/change-event.ts';
import { campaignChange } from '../../domain/change-event.ts';
import type { GateChange } from '../campaign-store.ts';

/** What a committed change is told as: its plan first, since campaigns refer to it. */
export function changesOf(change: GateChange, atMs: number): readonly ChangeEvent[] {
  const { taskId, campaigns = [], newCampaigns = [], plan, watchEvents = [], audit } = change;
  const about = { taskId, atMs };
  const events: ChangeEvent[] = [];
  if (plan !== undefined) {
    const { version, incumbentId, cause } = plan;
    events.push({ ...about, kind: 'plan-changed', version, incumbentId, cause });
  }
  for (const campaign of [...newCampaigns, ...campaigns])
    events.push({ ...about, kind: 'campaign-changed', ...campaignChange(campaign) });
  for (const event of watchEvents) events.push({ ...about, kind: 'watch-event', event });
  if (audit !== undefined) events.push({ ...about, kind: 'person-acted', entry: audit });
  return events;
}
