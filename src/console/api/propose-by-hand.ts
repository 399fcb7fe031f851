import { isOpen, type Campaign } from '../../domain/campaign.ts';
import { openCampaign } from '../../domain/open-campaign.ts';
import { contentHash } from '../../domain/content-hash.ts';
import type { Edit } from '../../domain/edit.ts';
import { RatchetError } from '../../domain/ratchet-error.ts';
import { variantSkeleton } from '../../domain/render-variant.ts';
import { skeletonText } from '../../domain/skeleton.ts';
import { makeVariant, type Variant } from '../../domain/variant.ts';
import type { TaskSnapshot } from '../../store/plan-store.ts';

/** Name of the optimizer of proposals that a person wrote. */
const byHand = 'by-hand';

/** What a person proposes, and what has been tried so far. */
export interface HandProposal {
  readonly edits: readonly Edit[];
  readonly parent: Variant;
  readonly campaigns: readonly Campaign[];
  readonly atMs: number;
}

/**
 * A campaign, state `proposed`, for a person's edits: from here on it is one like any other. Throws `invalid_edit` naming
 * the edit that has no place or touches what no edit may, and `conflict` where there is nothing to find out.
 */
export function proposeByHand(
  { task, plan }: Pick<TaskSnapshot, 'task' | 'plan'>,
  { edits, parent, campaigns, atMs }: HandProposal,
): Campaign {
  if (task.baseline.version !== plan.baselineVersion)
    throw new RatchetError('conflict', 'the agent sends a new prompt, which the plan has yet to follow');
  if (parent.edits.length > 0 && parent.baselineVersion !== plan.baselineVersion)
    throw new RatchetError('conflict', 'the parent was written for an earlier prompt of the agent');
  const all = [...parent.edits, ...edits];
  assertFits(task, parent, edits);
  const variant = makeVariant(task.id, plan.baselineVersion, all);
  if (plan.arms.some(({ variantId }) => variantId === variant.id))
    throw new RatchetError('conflict', `${variant.id} serves already`);
  const same = campaigns.filter(({ proposal }) => proposal.variant.id === variant.id);
  const open = same.find(({ state }) => isOpen(state));
  if (open !== undefined) throw new RatchetError('conflict', `campaign ${open.id} tries the same already`);
  const { incumbentId } = plan;
  return openCampaign(
    contentHash(byHand, task.id, variant.id, incumbentId, `${plan.version} ${same.length}`),
    {
      variant,
      parentId: parent.id,
      optimizer: byHand,
      originCampaignId: null,
      shownDecisionIds: [],
      shownTraceIds: [],
      costUsd: 0,
      atMs,
    },
    { taskId: task.id, incumbentId },
  );
}

function assertFits(
  { baseline: { skeleton }, config: { protect } }: TaskSnapshot['task'],
  parent: Variant,
  edits: readonly Edit[],
): void {
  const textAfter = (count: number): string | undefined => {
    const edited = variantSkeleton(skeleton, [...parent.edits, ...edits.slice(0, count)], protect);
    return edited && skeletonText(edited);
  };
  const start = textAfter(0);
  if (start === undefined)
    throw new RatchetError('conflict', `${parent.id} has no place in the prompt any more`);
  edits.forEach((_, index) => {
    if (textAfter(index + 1) === undefined)
      throw new RatchetError(
        'invalid_edit',
        `edits.${index}: its phrase is not in the fixed text of the prompt, or it would change a slot or a protected phrase`,
        { param: `edits.${index}` },
      );
  });
  if (textAfter(edits.length) === start)
    throw new RatchetError('invalid_edit', 'edits: together they change nothing', { param: 'edits' });
}
