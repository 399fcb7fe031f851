import { editKey } from '../domain/edit-key.ts';
import type { Edit } from '../domain/edit.ts';
import { makeVariant, type Variant } from '../domain/variant.ts';

/** Edits that one look tries the prompt without, at most: the newest ones. */
const pruningsMax = 4;

/** A prompt without one of its edits. */
export interface Pruning {
  readonly without: Edit;
  readonly variant: Variant;
}

/**
 * A variant without each of its edits, the newest first; none for a variant of a single edit, which without it is the
 * baseline. `excluded`: variants that have been looked at already.
 */
export function pruningsOf(variant: Variant, excluded: ReadonlySet<string>): readonly Pruning[] {
  if (variant.edits.length < 2) return [];
  return variant.edits
    .map((without) => ({
      without,
      variant: makeVariant(
        variant.taskId,
        variant.baselineVersion,
        variant.edits.filter((edit) => editKey(edit) !== editKey(without)),
      ),
    }))
    .filter(({ variant: { id } }) => !excluded.has(id))
    .toReversed()
    .slice(0, pruningsMax);
}
