import type { Edit } from '../../domain/edit.ts';
import type { ScoredVariant } from '../archive.ts';
import { childOf } from '../combine-edits.ts';
import { editNote } from '../edit-note.ts';
import type { Optimizer, OptimizerContext, Suggestion } from '../optimizer.ts';
import { selectFailures } from '../trace-selection.ts';
import { tracesOf } from '../traces-of.ts';

/** Failures that one critique looks at, prompts that are expanded, and rewordings of an edit, as published. */
const failuresMax = 4;
const beamWidth = 4;
const paraphrasesPerEdit = 2;

/** Newest earlier changes that are shown. */
const historyMax = 10;

/**
 * Textual gradients with beam search: Pryzant et al., "Automatic Prompt Optimization with 'Gradient Descent' and Beam
 * Search" (ProTeGi, 2023). Each prompt of the beam is shown its failures; the model says what in the prompt causes them
 * and edits the prompt against that cause; each edit is said in other words twice.
 *
 * As published: beam of 4, 4 failures to a critique, one edit for each cause, the cause named before the edit,
 * 2 paraphrases. Changed on purpose:
 * - the beam is what may be built on and was measured at least as good as the incumbent, which is always in it;
 * - cause and edit in one call, the cause as the proposal's intent, which the schema puts before its edits: half the
 *   calls, and people can read why an edit was made;
 * - several causes in one call instead of several critiques of one minibatch;
 * - paraphrases only where the critiques leave room: two wordings of one idea on live traffic say less than two ideas;
 * - no bandit over a minibatch chooses among candidates: the gate does, on fresh requests;
 * - the newest 10 earlier changes are shown, so that they are not repeated.
 * Without a failure there is nothing to learn from, and no call is made.
 */
export const protegi: Optimizer = {
  name: 'protegi',
  calls: 3,
  batchSize: failuresMax,
  propose: async (context) => {
    const children: Child[] = [];
    for (const parent of beamOf(context, beamWidth))
      children.push(...(await criticise(parent, context)).map((suggestion) => ({ parent, suggestion })));
    const paraphrases = await paraphrase(children, context);
    return { candidates: [...byTurns(children), ...paraphrases].map((child) => editsOf(child, context)) };
  },
};

/**
 * Textual gradients without the search: as `protegi`, with a beam of the incumbent alone and no paraphrases. One call,
 * since the arms of the serving plan are a beam already.
 */
export const textualGradient: Optimizer = {
  name: 'textual-gradient',
  batchSize: failuresMax,
  propose: async (context) => {
    const suggestions = await criticise(context.incumbent, context);
    return { candidates: suggestions.map(({ edits }) => [...context.incumbent.edits, ...edits]) };
  },
};

type Parent = ScoredVariant['variant'];

interface Child {
  readonly parent: Parent;
  readonly suggestion: Suggestion;
}

function beamOf({ archive, incumbent }: OptimizerContext, width: number): readonly Parent[] {
  const least = archive.find(({ variant }) => variant.id === incumbent.id)?.score ?? 0;
  const others = archive.filter(
    ({ variant, score }) => variant.id !== incumbent.id && score !== null && score >= least,
  );
  return [incumbent, ...others.map(({ variant }) => variant)].slice(0, width);
}

async function criticise(parent: Parent, context: OptimizerContext): Promise<readonly Suggestion[]> {
  const { tried, random, ask, batchSize = failuresMax } = context;
  const failures = selectFailures(tracesOf(parent, context), batchSize, random);
  if (failures.length === 0) return [];
  return await ask({
    instruction: critique,
    examples: failures,
    history: tried.slice(-historyMax),
    base: parent,
  });
}

/** Says edits in other words, those of each parent in one call, as far as more candidates are wanted. */
async function paraphrase(children: readonly Child[], context: OptimizerContext): Promise<readonly Child[]> {
  const found: Child[] = [];
  for (const parent of new Set(children.map((child) => child.parent))) {
    const room = context.count - children.length - found.length;
    if (room <= 0) break;
    const edits = children.flatMap((child) => (child.parent === parent ? [child.suggestion.edits] : []));
    const suggestions = await context.ask({
      instruction: rewording,
      examples: [],
      history: [],
      base: parent,
      notes: edits.map(editNote),
      count: Math.min(room, paraphrasesPerEdit * edits.length),
    });
    found.push(...suggestions.map((suggestion) => ({ parent, suggestion })));
  }
  return found;
}

/** First one child of each parent, then the second of each, and so on. */
function byTurns(children: readonly Child[]): readonly Child[] {
  const placeOf = (child: Child): number =>
    children.filter(({ parent }) => parent === child.parent).indexOf(child);
  return children.toSorted((one, other) => placeOf(one) - placeOf(other));
}

function editsOf({ parent, suggestion }: Child, { incumbent }: OptimizerContext): readonly Edit[] {
  return childOf(incumbent, parent, suggestion.edits);
}

const critique =
  'The examples are failures. For each proposal first find one cause: something that the prompt says, leaves out or ' +
  'leaves open, and that explains why several of these answers were not good enough. Write this cause as the ' +
  '`intent`. Then write the edits that remove this cause, and nothing else. Let each proposal deal with another cause.';

const rewording =
  'Each note is the list of edits of one proposal, as JSON. Say these edits in other words: for each proposal of yours ' +
  'take one note, keep the operation, the place and the meaning, and change only how the text puts it.';
