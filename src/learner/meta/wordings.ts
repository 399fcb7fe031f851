import { applyEdits } from '../../domain/apply-edits.ts';
import type { Edit } from '../../domain/edit.ts';
import { literalSkeleton, skeletonText } from '../../domain/skeleton.ts';
import { baselineVariantId } from '../../domain/variant.ts';
import type { Ask } from '../optimizer.ts';

/**
 * Ways to put the instruction of an optimizer, as edits of it, by their ids, which are stored: add, never rename. The first
 * is the instruction as it stands. They end any instruction alike, so that what is learned of one is learned for all
 * optimizers; the ground rules with the form of the answer stand before the instruction, where none of them reaches.
 */
export const wordings: ReadonlyMap<string, readonly Edit[]> = new Map([
  [baselineVariantId, []],
  ['one-sentence', [ending('Let each edit be a single short sentence that says one thing once.')]],
  ['what-to-do', [ending('Say in concrete words what to do, and when, rather than what to avoid.')]],
  ['most-requests', [ending('Prefer a rule that holds for most requests to one for a single case.')]],
  [
    'compare-first',
    [
      ending(
        'First compare the answers that were good with those that were not, and write what tells them apart.',
      ),
    ],
  ],
]);

function ending(text: string): Edit {
  return { op: 'insert', text, intent: 'a wording of the optimizer’s instruction' };
}

/** Asks with every instruction put so. Without an id that is known, instructions stay as they stand. */
export function withWording(ask: Ask, wordingId: string = baselineVariantId): Ask {
  const edits = wordings.get(wordingId) ?? [];
  if (edits.length === 0) return ask;
  return async (question) => await ask({ ...question, instruction: reworded(question.instruction, edits) });
}

function reworded(instruction: string, edits: readonly Edit[]): string {
  const skeleton = applyEdits(literalSkeleton(instruction), edits);
  return skeleton === undefined ? instruction : skeletonText(skeleton);
}
