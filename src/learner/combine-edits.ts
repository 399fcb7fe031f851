import { editKey } from '../domain/edit-key.ts';
import type { Edit } from '../domain/edit.ts';
import type { Random } from '../domain/random.ts';
import type { Variant } from '../domain/variant.ts';

/** The edits of one list that the other does not have, in their order; two that differ only in intent are one. */
export function editsBeyond(one: readonly Edit[], other: readonly Edit[]): readonly Edit[] {
  const known = new Set(other.map(editKey));
  return one.filter((edit) => !known.has(editKey(edit)));
}

/**
 * The edits of both, those of `one` first. Where both change the same phrase, the one of `one` stays, and the other is
 * left out. An edit that anchors in another's text may still be without a place: whoever applies the result finds out.
 */
export function mergeEdits(one: readonly Edit[], other: readonly Edit[]): readonly Edit[] {
  return editsBeyond(other, one).reduce<readonly Edit[]>(
    (merged, edit) => (merged.some((present) => areAtOdds(present, edit)) ? merged : [...merged, edit]),
    one,
  );
}

/**
 * Uniform crossover (Syswerda, "Uniform crossover in genetic algorithms", 1989) over edits: what both parents have is
 * kept, what only one of them has with probability 1/2. In the order of `mergeEdits`.
 */
export function crossEdits(one: readonly Edit[], other: readonly Edit[], random: Random): readonly Edit[] {
  const own = new Set(editsBeyond(one, other));
  const foreign = new Set(editsBeyond(other, one));
  const isInherited = (edit: Edit): boolean =>
    (!own.has(edit) && !foreign.has(edit)) || random.next() < 1 / 2;
  return mergeEdits(one.filter(isInherited), other.filter(isInherited));
}

/**
 * A child of a parent that need not be the incumbent: the incumbent's edits, those of the parent beyond them, and new
 * ones. The gate compares every candidate with the incumbent, so a child that lacks what this one has proven would start
 * behind.
 */
export function childOf(
  incumbent: Pick<Variant, 'edits'>,
  parent: Pick<Variant, 'edits'>,
  added: readonly Edit[],
): readonly Edit[] {
  return [...mergeEdits(incumbent.edits, parent.edits), ...added];
}

/** Whether two edits take out phrases of which one contains the other. */
function areAtOdds(one: Edit, other: Edit): boolean {
  return 'find' in one && 'find' in other && (one.find.includes(other.find) || other.find.includes(one.find));
}
