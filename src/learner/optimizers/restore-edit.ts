import type { Optimizer } from '../optimizer.ts';

/**
 * Tries again what was proven once and then lost: a rollback takes away every edit of an arm, though mostly only one
 * of them turned bad. Each is put back alone, the longest proven first, for the gate to test anew. Asks no model, and
 * runs before the optimizers that do, since an idea that held once is the cheapest one to be had.
 */
export const restoreEdit: Optimizer = {
  name: 'restore-edit',
  propose: async ({ incumbent, tried }) => ({
    candidates: tried
      .filter(
        ({ outcome, isAddition }) => isAddition && (outcome === 'promoted' || outcome === 'rolled-back'),
      )
      .map(({ edits }) => [...incumbent.edits, ...edits]),
  }),
};
