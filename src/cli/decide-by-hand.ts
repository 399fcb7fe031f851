import { setTimeout as pause } from 'node:timers/promises';
import type { HandDecision } from '../domain/approval.ts';
import type { AuditEntry } from '../domain/audit-entry.ts';
import type { Campaign } from '../domain/campaign.ts';
import { RatchetError } from '../domain/ratchet-error.ts';
import type { Store } from '../store/store.ts';
import { readCampaignWithTask } from './read-campaign.ts';

/** What a person decides, for the campaign's history and for the audit log. */
export interface ByHand {
  readonly action: 'approve' | 'reject';
  readonly by: string;
  readonly reason: string | null;
  readonly atMs: number;
  readonly decide: (campaign: Campaign) => HandDecision;
}

/** Attempts, and pauses between them: the server may be changing the campaign, or writing to the database. */
const attemptsMax = 20;
const pauseMs = 100;

/**
 * Changes a campaign by a person's word, under the same revision check as the gate's own changes. Where the gate was
 * first, what it made of the campaign is read and decided upon anew.
 */
export async function decideByHand(
  store: Pick<Store, 'readCampaign' | 'readTask' | 'commitGate'>,
  campaignId: string,
  { action, by, reason, atMs, decide }: ByHand,
): Promise<HandDecision> {
  for (let attempt = 1; ; attempt++) {
    const { campaign } = await readCampaignWithTask(store, campaignId);
    const decision = decide(campaign);
    if (decision.kind === 'refused') return decision;
    try {
      const { taskId, state } = campaign;
      const audit: AuditEntry = {
        actor: `cli:${by}`,
        action,
        taskId,
        subject: campaignId,
        before: state,
        after: action === 'approve' ? 'approved' : decision.campaign.state,
        reason,
        atMs,
      };
      const change = { taskId, campaigns: [decision.campaign], audit };
      if ((await store.commitGate(change)) === 'committed') return decision;
    } catch (error) {
      const isBusy = error instanceof RatchetError && error.code === 'store_unavailable';
      if (!isBusy || attempt >= attemptsMax) throw error;
    }
    if (attempt >= attemptsMax) return { kind: 'refused', reason: 'it keeps changing; try again' };
    await pause(pauseMs);
  }
}
