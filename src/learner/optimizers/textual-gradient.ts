import type { Optimizer } from '../optimizer.ts';
import { selectFailures } from '../trace-selection.ts';

/** Failures that one critique looks at, as published. */
const failuresMax = 4;

/** Newest earlier changes that are shown. */
const historyMax = 10;

/**
 * Textual gradients: Pryzant et al., "Automatic Prompt Optimization with 'Gradient Descent' and Beam Search" (ProTeGi,
 * 2023). The model is shown failures, says what in the prompt causes them, and edits the prompt against that cause.
 *
 * As published: 4 failures to a critique, one edit for each cause, the cause named before the edit. Changed on purpose:
 * - cause and edit in one call, the cause as the proposal's intent, which the schema puts before its edits: half the
 *   calls, and people can read why an edit was made;
 * - several causes in one call instead of several critiques of one minibatch;
 * - no paraphrases and no beam: paraphrases of one idea would test the same thing twice on live traffic, and the arms
 *   of the serving plan are the beam;
 * - no bandit over a minibatch chooses among candidates: the gate does, on fresh requests;
 * - the newest 10 earlier changes are shown, so that they are not repeated.
 * Without a failure there is nothing to learn from, and no call is made.
 */
export const textualGradient: Optimizer = {
  name: 'textual-gradient',
  propose: async ({ incumbent, traces, tried, random, ask }) => {
    const failures = selectFailures(traces, failuresMax, random);
    if (failures.length === 0) return { candidates: [] };
    const suggestions = await ask({ instruction, examples: failures, history: tried.slice(-historyMax) });
    return { candidates: suggestions.map(({ edits }) => [...incumbent.edits, ...edits]) };
  },
};

const instruction =
  'The examples are failures. For each proposal first find one cause: something that the prompt says, leaves out or ' +
  'leaves open, and that explains why several of these answers were not good enough. Write this cause as the ' +
  '`intent`. Then write the edits that remove this cause, and nothing else. Let each proposal deal with another cause.';
