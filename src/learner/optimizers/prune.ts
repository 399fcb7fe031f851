import type { CreditedEdit } from '../../domain/credit-report.ts';
import { editKey } from '../../domain/edit-key.ts';
import type { Edit } from '../../domain/edit.ts';
import type { Optimizer } from '../optimizer.ts';

/**
 * Leaves out one edit of the incumbent at a time, by its credit: an edit that was proven once may have lost its worth to
 * a later one, or to another model. First goes what helps least, as far as its effect is known; then what is not known, the
 * oldest first, since its proof is; last what has helped, since it did so beside other edits than today's. The newest edit
 * stays where it has helped: it was proven beside these. What makes the prompt shorter stays, since going back on it saves
 * nothing.
 *
 * The gate has removals tried by itself once their credit is settled (`gate/credit.ts`), so what it has proposed is left
 * to it; what remains are the edits of which live traffic cannot tell, since no arm goes without them. A removal is to
 * make the prompt cheaper at no loss, so it is tested for equivalence. An incumbent of one edit is left alone: the baseline
 * without it is always an arm. Asks no model. No publication: what prompt optimizers publish only adds.
 */
export const prune: Optimizer = {
  name: 'prune',
  calls: 0,
  propose: async ({ incumbent: { edits }, credit = [] }) => {
    if (edits.length < 2) return { candidates: [] };
    const known = new Map(credit.map((each) => [each.key, each]));
    const removable = edits.filter(
      (edit) => charactersOf(edit) > 0 && !isSpokenFor(known.get(editKey(edit)), edit === edits.at(-1)),
    );
    return {
      candidates: removable
        .map((edit) => ({ edit, rank: rankOf(known.get(editKey(edit))) }))
        .toSorted((one, other) => one.rank.known - other.rank.known || one.rank.value - other.rank.value)
        .map(({ edit }) => edits.filter((other) => other !== edit)),
      purpose: 'prune',
    };
  },
};

/** What the gate has tried without by itself, and what helps beside all others that serve. */
function isSpokenFor(credit: CreditedEdit | undefined, isNewest: boolean): boolean {
  return credit !== undefined && (credit.isRemovalProposed || (isNewest && credit.verdict === 'positive'));
}

interface Rank {
  /** 0: it is known to help little; 1: nothing is known; 2: it has helped. */
  readonly known: 0 | 1 | 2;
  readonly value: number;
}

function rankOf(credit: CreditedEdit | undefined): Rank {
  const effect = credit?.effect ?? null;
  if (effect === null) return { known: 1, value: 0 };
  return { known: credit?.verdict === 'positive' ? 2 : 0, value: effect.estimate };
}

/** Characters that an edit adds to the prompt; negative where it makes it shorter. */
function charactersOf(edit: Edit): number {
  const added = 'text' in edit ? edit.text.length : 0;
  return added - (edit.op === 'replace' || edit.op === 'delete' ? edit.find.length : 0);
}
