import type { Campaign } from '../domain/campaign.ts';
import { carryEdits, type CarriedEdits } from '../domain/carry-edits.ts';
import { openCampaign } from '../domain/open-campaign.ts';
import { contentHash } from '../domain/content-hash.ts';
import type { Edit } from '../domain/edit.ts';
import type { Baseline } from '../domain/task.ts';
import { baselineVariantId, makeVariant, type Variant } from '../domain/variant.ts';
import { editKey } from '../domain/edit-key.ts';
import { splitIntoSteps, type IsOneStep } from './split-into-steps.ts';

/** Something learned for a prompt that the developer has changed since. */
export interface Learned {
  readonly variant: Variant;
  /** The variant that it was an addition to; `null` for an incumbent, all of whose edits were proven. */
  readonly parent: Variant | null;
  /** The campaign that it came from; `null` where nobody knows it any more. */
  readonly origin: Campaign | null;
}

/** The new prompt. */
export interface BaselineGround {
  readonly taskId: string;
  readonly baseline: Baseline;
  readonly atMs: number;
  /** What one proposal may change; `null`: anything. */
  readonly isOneStep: IsOneStep | null;
}

/** What became of it. */
export interface Rebased {
  /** One for each step that it takes; none where nothing of it has a place in the new prompt, or nothing is needed. */
  readonly campaigns: readonly Campaign[];
  readonly carried: CarriedEdits;
}

/**
 * The same edits on the new prompt, as far as they have a place in it, as new proposals with a new freeze: what was
 * proven for another prompt is a good idea for this one, and no more. Edits that are too many for one step become
 * several proposals side by side; once one of them serves, the gate restarts the others on it. What was still under test
 * goes on without its parent's edits, which are proposed by themselves; unless it makes no sense without them.
 */
export function rebaseOntoBaseline(learned: Learned, ground: BaselineGround): Rebased {
  const { skeleton } = ground.baseline;
  const carried = carry(learned, ground.baseline);
  const parts =
    ground.isOneStep === null
      ? [carried.kept].filter((part) => part.length > 0)
      : splitIntoSteps(skeleton, carried.kept, ground.isOneStep);
  const campaigns = parts.map((edits, part) => proposed(edits, part, learned, ground));
  return { campaigns, carried };
}

function proposed(
  edits: readonly Edit[],
  part: number,
  { variant, origin }: Learned,
  { baseline, taskId, atMs }: BaselineGround,
): Campaign {
  const names = ['rebase', origin?.id ?? variant.id, `baseline ${baseline.version}`];
  return openCampaign(
    // The same id on every replica and after every interruption, so that it begins once for each version.
    contentHash(...names, ...(part === 0 ? [] : [`part ${part}`])),
    {
      variant: makeVariant(taskId, baseline.version, edits),
      parentId: baselineVariantId,
      optimizer: 'rebase',
      originCampaignId: origin?.id ?? null,
      shownDecisionIds: origin?.proposal.shownDecisionIds ?? [],
      shownTraceIds: origin?.proposal.shownTraceIds ?? [],
      costUsd: 0,
      atMs,
    },
    { taskId, incumbentId: baselineVariantId },
  );
}

function carry({ variant, parent }: Learned, { skeleton }: Baseline): CarriedEdits {
  const inherited = new Set((parent?.edits ?? []).map(editKey));
  const own = variant.edits.filter((edit: Edit) => !inherited.has(editKey(edit)));
  const alone = carryEdits(skeleton, own);
  return alone.kept.length === 0 && alone.lost.length > 0 ? carryEdits(skeleton, variant.edits) : alone;
}
