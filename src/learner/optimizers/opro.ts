import type { TriedChange } from '../edit-history.ts';
import type { Optimizer } from '../optimizer.ts';
import { selectAtRandom } from '../trace-selection.ts';

/** The best so many earlier changes are shown, as published. */
const historyMax = 20;

/** Recorded requests shown, as published. */
const examplesMax = 3;

/**
 * Optimization by prompting: Yang et al., "Large Language Models as Optimizers" (2023). The model sees the best
 * earlier attempts with their scores, integers in [0, 100] in ascending order, and three random examples, and is asked
 * for something better.
 *
 * As published: 20 attempts, ascending integer scores, 3 random examples, the
 * model's default temperature of 1. Changed on purpose:
 * - edits on the incumbent instead of whole instructions, since the prompt belongs to somebody and has slots;
 * - as many proposals as the task has room for, in one call, instead of 8 in 8 calls: each one costs traffic to test;
 * - attempts without a score, such as those that were screened out, are shown too, before the others, so that they
 *   are not repeated; a published run has none, since it scores every attempt on the whole training set;
 * - a score comes from what the gate measured on fresh requests (`scores.ts`), and the gate, not the best score,
 *   decides what serves.
 */
export const opro: Optimizer = {
  name: 'opro',
  batchSize: examplesMax,
  propose: async ({ incumbent, traces, tried, batchSize = examplesMax, random, ask }) => {
    const suggestions = await ask({
      instruction,
      examples: selectAtRandom(traces, batchSize, random),
      history: bestAscending(tried),
    });
    return { candidates: suggestions.map(({ edits }) => [...incumbent.edits, ...edits]) };
  },
};

/** The best `historyMax` changes, the best last; those without a score come first, the oldest of equals before. */
function bestAscending(tried: readonly TriedChange[]): readonly TriedChange[] {
  return tried.toSorted((one, other) => (one.score ?? -1) - (other.score ?? -1)).slice(-historyMax);
}

const instruction =
  'The history is sorted by score, the best last; entries without a score stand first. Find what the better changes ' +
  'have in common and the worse ones lack. Then propose changes that you expect to score higher than every one of ' +
  'them, each different from the others.';
