import type { Optimizer } from '../optimizer.ts';

/**
 * Leaves out one edit of the incumbent at a time, the oldest first: an edit that was proven once may have lost its
 * worth to a later one, or to another model. Asks no model, and runs only when the optimizers have nothing new.
 * An incumbent of one edit is left alone, since the baseline without it is always an arm.
 */
export const dropEdit: Optimizer = {
  name: 'drop-edit',
  propose: async ({ incumbent: { edits } }) => ({
    candidates: edits.length < 2 ? [] : edits.map((_, index) => edits.toSpliced(index, 1)),
  }),
};
