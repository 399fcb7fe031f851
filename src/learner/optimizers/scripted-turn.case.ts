import type { Edit } from '../../domain/edit.ts';
import { createSeededRandom } from '../../runtime/seeded-random.ts';
import { exampleScores } from '../example-scores.ts';
import { insert, prompt, traceOf, variantOf } from '../fixtures.case.ts';
import type { Optimizer, OptimizerContext, OptimizerOutput, Question, Suggestion } from '../optimizer.ts';

/** The edit of the incumbent, and what the model suggests unless a script says otherwise. */
export const base: Edit = insert('base');
export const added: Edit = insert('added');

/** Thirty requests of thirty kinds, of which every third failed. */
const traces = Array.from({ length: 30 }, (_, index) =>
  traceOf({
    id: `d${index}`,
    input: `request${index}`,
    reward: index % 3 === 0 ? 0 : 1,
    variantId: variantOf(base).id,
  }),
);

/** One turn of an optimizer before a model that answers by a script. */
export async function scriptedTurn(
  optimizer: Optimizer,
  change: Partial<OptimizerContext> = {},
  answer: (question: Question, call: number) => readonly Suggestion[] = () => [suggest(added)],
): Promise<{ readonly output: OptimizerOutput; readonly questions: readonly Question[] }> {
  const questions: Question[] = [];
  const incumbent = change.incumbent ?? variantOf(base);
  const output = await optimizer.propose({
    incumbent,
    prompt,
    traces,
    tried: [],
    archive: [{ variant: incumbent, score: 50 }],
    scoresByExample: exampleScores(change.traces ?? traces),
    growthCharactersMax: 200,
    count: 3,
    random: createSeededRandom(1),
    ask: async (question) => {
      questions.push(question);
      return answer(question, questions.length);
    },
    ...change,
  });
  return { output, questions };
}

/** A suggestion of one edit, for the reason that the edit gives. */
export function suggest(edit: Suggestion['edits'][number]): Suggestion {
  return { intent: edit.intent, edits: [edit] };
}
