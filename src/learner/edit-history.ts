import type { Campaign, CampaignState } from '../domain/campaign.ts';
import type { Edit } from '../domain/edit.ts';
import type { ServingPlan } from '../domain/plan.ts';
import { makeVariant, type Variant } from '../domain/variant.ts';
import { scoresOf, type Standing } from './scores.ts';

/** A change that has had a campaign, with what came of it. */
export interface TriedChange {
  /** The whole candidate. */
  readonly variant: Variant;
  /** What it was compared with. */
  readonly incumbentId: string;
  /** What it added to its parent; all of its edits where it extends none, but left some of them out. */
  readonly edits: readonly Edit[];
  readonly isAddition: boolean;
  /** `screened-out`: it fell behind in the small trial on past requests, which is no verdict. */
  readonly outcome: 'open' | 'screened-out' | 'promoted' | 'rejected' | 'inconclusive' | 'rolled-back';
  /** Whether the learner gave its test up for something more promising; absent: no. */
  readonly isGivenUp?: boolean;
  /** When it took its present state. */
  readonly atMs: number;
  /** Estimated mean reward on the scale of OPRO, an integer in [0, 100]; `null` where nothing was measured. */
  readonly score: number | null;
}

/** An arm taken away for harm, and where traffic went instead. */
export interface Rollback {
  readonly atMs: number;
  readonly toVariantId: string;
}

/** How the reason begins with which the learner ends a test of its own. */
export const givenUp: string = 'given up';

/** A rolled-back change rests this long, unless the incumbent changes twice before. */
export const rolledBackRestMs: number = 2 * 86_400_000;
const incumbentChangesMin = 2;

/** A change that was screened out, or given up, n times may be tried anew, on other past requests, after 2^(n − 1) times this long. */
export const screenedOutRestMs: number = 2 * 86_400_000;

/** What has been tried on one version of a baseline, oldest first. Edits of other versions were written for another prompt. */
export function triedChanges(
  campaigns: readonly Campaign[],
  baselineVersion: number,
  standing: Standing,
): readonly TriedChange[] {
  const present = campaigns.filter(({ proposal }) => proposal.variant.baselineVersion === baselineVersion);
  const scores = scoresOf(present, standing);
  return present.map((campaign): TriedChange => {
    const { id, state, proposal, incumbentId, history } = campaign;
    const added = addedEdits(proposal.variant, proposal.parentId);
    return {
      variant: proposal.variant,
      incumbentId,
      edits: added ?? proposal.variant.edits,
      isAddition: added !== undefined,
      outcome: outcomeOf(state, history),
      ...(state === 'inconclusive' && history.at(-1)?.reason.startsWith(givenUp) === true
        ? { isGivenUp: true }
        : {}),
      atMs: history.at(-1)?.atMs ?? proposal.atMs,
      score: scores.get(id) ?? null,
    };
  });
}

function outcomeOf(state: CampaignState, history: Campaign['history']): TriedChange['outcome'] {
  switch (state) {
    case 'proposed':
    case 'screened':
    case 'shadow':
    case 'canary':
      return 'open';
    case 'rejected':
      return history.at(-1)?.from === 'screened' ? 'screened-out' : 'rejected';
    case 'promoted':
    case 'inconclusive':
    case 'rolled-back':
      return state;
  }
}

/** What a candidate is judged against before it may have a campaign. */
export interface HistoryGround {
  readonly incumbent: Variant;
  /** Variants that are served. */
  readonly armIds: readonly string[];
  readonly tried: readonly TriedChange[];
  /** When the incumbent has changed. */
  readonly incumbentChangesMs: readonly number[];
  /** What was rolled back, newest first. */
  readonly rollbacks: readonly Rollback[];
  readonly nowMs: number;
}

/**
 * Whether a candidate is new enough. Two changes are the same when they add the same edits, whatever they are added
 * to and whatever their intents say, or when they lead to the same variant.
 * - An arm, or a change that repeats an edit of the incumbent: never.
 * - Open, or rejected on this version of the baseline: never; a verdict against an edit holds until the developer
 *   changes the prompt. A verdict against a whole variant, one that left edits of the incumbent out, speaks of these
 *   too: once a rollback has taken them away, the variant may be proposed on what is left.
 * - Screened out, inconclusive, or promoted and lost again: not on the incumbent that it was compared with, since
 *   nothing has changed; again on another, and on any after a rollback, which says that the model behind has changed.
 * - Screened out, or given up for something more promising: on the same incumbent too after 2 days, then 4, 8 and so on.
 *   Forty requests are few, and a good edit that was unlucky with them must not be lost for ever.
 * - Rolled back: after the incumbent has changed twice since, or after 2 days, even on the same incumbent: a rollback
 *   takes away all edits of an arm, and only one of them may have been at fault. At once where the way back led past
 *   the incumbent that it was added to: then the fault lies with what was there before it.
 */
export function mayPropose(candidate: Variant, ground: HistoryGround): boolean {
  const { incumbent, armIds, tried } = ground;
  if (armIds.includes(candidate.id)) return false;
  const added = addedEdits(candidate, incumbent.id);
  const known = new Set(incumbent.edits.map((edit) => nameOf([edit])));
  if (added?.some((edit) => known.has(nameOf([edit]))) === true) return false;
  const name = added && nameOf(added);
  const same = tried.filter(
    ({ variant, edits, isAddition }) => variant.id === candidate.id || (isAddition && nameOf(edits) === name),
  );
  const timesResting = same.filter(isResting).length;
  const restMs = screenedOutRestMs * 2 ** (timesResting - 1);
  return same.every(
    (change) => mayReturn(change, ground) || (isResting(change) && ground.nowMs - change.atMs >= restMs),
  );
}

/** Whether it fell without a verdict, before much was known of it. */
function isResting({ outcome, isGivenUp }: TriedChange): boolean {
  return outcome === 'screened-out' || isGivenUp === true;
}

function mayReturn({ outcome, incumbentId, isAddition, atMs }: TriedChange, ground: HistoryGround): boolean {
  const isElsewhere = incumbentId !== ground.incumbent.id;
  const isAfterRollback = (ground.rollbacks[0]?.atMs ?? -Infinity) > atMs;
  switch (outcome) {
    case 'open':
      return false;
    case 'rejected':
      return !isAddition && isElsewhere && isAfterRollback;
    case 'screened-out':
    case 'inconclusive':
    case 'promoted':
      return isElsewhere || isAfterRollback;
    case 'rolled-back':
      return (
        ground.rollbacks.some((back) => back.atMs === atMs && back.toVariantId !== incumbentId) ||
        ground.nowMs - atMs >= rolledBackRestMs ||
        ground.incumbentChangesMs.filter((changeMs) => changeMs > atMs).length >= incumbentChangesMin
      );
  }
}

/** When the incumbent changed, from plans newest first. */
export function incumbentChanges(plans: readonly ServingPlan[]): readonly number[] {
  return plans.flatMap((plan, index) => {
    const before = plans[index + 1];
    return before !== undefined && before.incumbentId !== plan.incumbentId ? [plan.atMs] : [];
  });
}

/** What was rolled back, from plans newest first. */
export function rollbacksIn(plans: readonly ServingPlan[]): readonly Rollback[] {
  return plans.flatMap(({ cause, atMs, incumbentId }) =>
    cause.kind === 'rolled-back' ? [{ atMs, toVariantId: incumbentId }] : [],
  );
}

/** The edits behind the parent's; `undefined` where the variant does not extend it. */
export function addedEdits(variant: Variant, parentId: string): readonly Edit[] | undefined {
  const { taskId, baselineVersion, edits } = variant;
  const length = edits.findIndex(
    (_, index) => makeVariant(taskId, baselineVersion, edits.slice(0, index)).id === parentId,
  );
  return length === -1 ? undefined : edits.slice(length);
}

/** A name for what edits do, whatever they are for. */
function nameOf(edits: readonly Edit[]): string {
  return makeVariant('', 0, edits).id;
}
