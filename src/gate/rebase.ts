import { applyEdits } from '../domain/apply-edits.ts';
import type { Campaign } from '../domain/campaign.ts';
import { openCampaign } from '../domain/open-campaign.ts';
import { contentHash } from '../domain/content-hash.ts';
import type { Skeleton } from '../domain/skeleton.ts';
import { makeVariant, type Variant } from '../domain/variant.ts';
import { editKey } from '../domain/edit-key.ts';

/** What a campaign needs to restart on a new incumbent. */
export interface RebaseGround {
  readonly baseline: Skeleton;
  /** The variant that the ended campaign's candidate extends. */
  readonly parent: Variant;
  readonly incumbent: Variant;
  /** Ids of all variants that have had a campaign. */
  readonly triedIds: ReadonlySet<string>;
  readonly atMs: number;
}

/**
 * The same idea on top of the new incumbent: its edits, then what the candidate added to its parent. A new proposal
 * with a new freeze, since nothing that was measured against another incumbent is evidence. `undefined` where the
 * idea is already part of the incumbent, no longer applies, or has been tried.
 */
export function rebaseCampaign(ended: Campaign, ground: RebaseGround): Campaign | undefined {
  const { incumbent, atMs } = ground;
  const known = new Set([...ground.parent.edits, ...incumbent.edits].map(editKey));
  const own = ended.proposal.variant.edits.filter((edit) => !known.has(editKey(edit)));
  const edits = [...incumbent.edits, ...own];
  const variant = makeVariant(ended.taskId, incumbent.baselineVersion, edits);
  if (own.length === 0 || ground.triedIds.has(variant.id)) return undefined;
  if (applyEdits(ground.baseline, edits) === undefined) return undefined;
  return openCampaign(
    // The same id on every replica and after every interruption, so that a restart happens once.
    contentHash('rebase', ended.id, incumbent.id),
    {
      ...ended.proposal,
      variant,
      parentId: incumbent.id,
      optimizer: 'rebase',
      originCampaignId: ended.id,
      costUsd: 0,
      atMs,
    },
    { taskId: ended.taskId, incumbentId: incumbent.id },
  );
}
