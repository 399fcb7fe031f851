import type { Campaign } from '../domain/campaign.ts';
import type { Edit } from '../domain/edit.ts';
import { baselineVariantId, makeVariant, type Variant } from '../domain/variant.ts';

/** An edit that adds a line. */
export const add = (text: string): Edit => ({ op: 'insert', text, intent: `say ${text}` });
/** A variant of the task that `campaignOf` is about. */
export const variant = (...edits: readonly Edit[]): Variant => makeVariant('t', 1, edits);

/** A campaign in the middle of its test. */
export function campaignOf(candidate: Variant, parentId: string = baselineVariantId): Campaign {
  return {
    id: 'c1',
    taskId: 't',
    revision: 4,
    state: 'shadow',
    proposal: {
      variant: candidate,
      parentId,
      optimizer: 'opro',
      originCampaignId: null,
      shownDecisionIds: ['d1'],
      shownTraceIds: ['t1'],
      costUsd: 0.1,
      atMs: 1,
    },
    incumbentId: parentId,
    frozenAtMs: 1,
    screening: null,
    alphaLevel: 0.002,
    verdict: null,
    canary: null,
    history: [],
  };
}
