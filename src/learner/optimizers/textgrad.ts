import { callsMax } from '../ask.ts';
import { editNote } from '../edit-note.ts';
import type { Optimizer, Suggestion } from '../optimizer.ts';
import { selectFailures } from '../trace-selection.ts';

/** Examples of one update, as published, and at most: each takes a call, and the update one more. */
const examplesMax = 3;
const criticismsMax = callsMax - 1;

/** Newest earlier changes that are shown. */
const historyMax = 10;

/**
 * Textual gradient descent: Yuksekgonul et al., "TextGrad: Automatic 'Differentiation' via Text" (2024). Each example of
 * a batch is criticised by itself, in a call of its own; the critiques together are the gradient; one update of the
 * prompt answers all of them.
 *
 * As published: batch of 3, one critique for each example, the critiques put together, one update, no memory of earlier
 * gradients. Changed on purpose:
 * - the batch is drawn among failures, since an answer that was right has no gradient;
 * - a critique comes with the edits that would mend its example, and the update is edits, not a new value of the whole
 *   prompt: slots and protected phrases stay;
 * - the newest 10 earlier changes are shown, so that the same step is not taken twice;
 * - reverting a step that made things worse, off by default as published, is what the gate does.
 * Four calls for one proposal; with another batch size one for each example, of which 7 at most, and one. Without a failure no call is made.
 */
export const textgrad: Optimizer = {
  name: 'textgrad',
  calls: 1 + examplesMax,
  batchSize: examplesMax,
  propose: async ({ incumbent, traces, tried, random, ask, batchSize = examplesMax }) => {
    const batch = selectFailures(traces, Math.min(batchSize, criticismsMax), random);
    const gradients: Suggestion[] = [];
    for (const trace of batch)
      gradients.push(...(await ask({ instruction: backward, examples: [trace], history: [], count: 1 })));
    if (gradients.length === 0) return { candidates: [] };
    const updates = await ask({
      instruction: step,
      examples: batch,
      history: tried.slice(-historyMax),
      notes: gradients.map(({ intent, edits }) => `${intent} ${editNote(edits)}`),
      count: 1,
    });
    return { candidates: updates.map(({ edits }) => [...incumbent.edits, ...edits]) };
  },
};

const backward =
  'The example is one request that was not answered well. Criticise the prompt by it: write as the `intent` what the ' +
  'prompt should have said, and did not, for this answer to be good. Be specific, and speak of the prompt, not of the ' +
  'answer. The edits are how you would mend it if this were the only request.';

const step =
  'Each note is a criticism of the prompt by one of the examples, followed by the edits that would mend that one, as ' +
  'JSON. Take one step that answers all of the criticisms together: one proposal, general enough for requests like ' +
  'these, that contradicts none of the notes and repeats none of them word by word.';
