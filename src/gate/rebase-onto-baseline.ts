import type { Campaign } from '../domain/campaign.ts';
import { carryEdits, type CarriedEdits } from '../domain/carry-edits.ts';
import { contentHash } from '../domain/content-hash.ts';
import type { Edit } from '../domain/edit.ts';
import type { Baseline } from '../domain/task.ts';
import { baselineVariantId, makeVariant, type Variant } from '../domain/variant.ts';
import { editKey } from '../domain/edit-key.ts';

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
}

/** What became of it. */
export interface Rebased {
  /** `null`: nothing of it has a place in the new prompt, or nothing is needed. */
  readonly campaign: Campaign | null;
  readonly carried: CarriedEdits;
}

/**
 * The same edits on the new prompt, as far as they have a place in it, as a new proposal with a new freeze: what was
 * proven for another prompt is a good idea for this one, and no more. What was still under test goes on without its
 * parent's edits, which are proposed by themselves; unless it makes no sense without them.
 */
export function rebaseOntoBaseline(learned: Learned, ground: BaselineGround): Rebased {
  const { baseline, taskId, atMs } = ground;
  const carried = carry(learned, baseline);
  if (carried.kept.length === 0) return { campaign: null, carried };
  const { variant, origin } = learned;
  const campaign: Campaign = {
    // The same id on every replica and after every interruption, so that it begins once for each version.
    id: contentHash('rebase', origin?.id ?? variant.id, `baseline ${baseline.version}`),
    taskId,
    revision: 1,
    state: 'proposed',
    proposal: {
      variant: makeVariant(taskId, baseline.version, carried.kept),
      parentId: baselineVariantId,
      optimizer: 'rebase',
      originCampaignId: origin?.id ?? null,
      shownDecisionIds: origin?.proposal.shownDecisionIds ?? [],
      shownTraceIds: origin?.proposal.shownTraceIds ?? [],
      costUsd: 0,
      atMs,
    },
    incumbentId: baselineVariantId,
    frozenAtMs: atMs,
    screening: null,
    alphaLevel: null,
    verdict: null,
    canary: null,
    history: [],
  };
  return { campaign, carried };
}

function carry({ variant, parent }: Learned, { skeleton }: Baseline): CarriedEdits {
  const inherited = new Set((parent?.edits ?? []).map(editKey));
  const own = variant.edits.filter((edit: Edit) => !inherited.has(editKey(edit)));
  const alone = carryEdits(skeleton, own);
  return alone.kept.length === 0 && alone.lost.length > 0 ? carryEdits(skeleton, variant.edits) : alone;
}
