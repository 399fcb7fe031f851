import { expect, it } from 'vitest';
import { contractComment } from '../domain/contract.ts';
import { formatFirst } from './format-first.ts';
import { insert, traceOf } from './fixtures.case.ts';
import type { Question } from './optimizer.ts';

const suggestions = [insert('Be polite.'), insert('Answer with JSON only.'), insert('Prefer billing.')].map(
  (edit) => ({
    intent: 'to help',
    edits: [edit],
  }),
);
const broken = traceOf({ id: 'broken', comments: [contractComment(['required queue'])] });
const fine = Array.from({ length: 19 }, (_, index) => traceOf({ id: `d${index}` }));

async function ask(
  traces: readonly (typeof broken)[],
  examples: Question['examples'] = fine.slice(0, 2),
): Promise<{ readonly question: Question | undefined; readonly texts: readonly unknown[] }> {
  const questions: Question[] = [];
  const asked = formatFirst(async (question) => {
    questions.push(question);
    return suggestions;
  }, traces);
  const answers = await asked({ instruction: 'Improve.', examples, history: [] });
  return {
    question: questions[0],
    texts: answers.flatMap(({ edits }) => edits.flatMap((edit) => ('text' in edit ? [edit.text] : []))),
  };
}

it('where answers break their contract, form comes first', async () => {
  const { question, texts } = await ask([...fine, broken]);
  expect(texts).toEqual(['Answer with JSON only.', 'Be polite.', 'Prefer billing.']);
  expect(question?.instruction).toMatch(/^Improve\. .*contract:/);
  expect(question?.examples).toEqual([...fine.slice(0, 2), broken]);
  expect((await ask([...fine, broken], [broken])).question?.examples).toEqual([broken]);
});

it('where hardly one does, or none, nothing is changed', async () => {
  for (const traces of [
    fine,
    [...fine, traceOf({ comments: ['contract law is my field'] })],
    [...fine, ...fine, broken],
  ]) {
    const { question, texts } = await ask(traces);
    expect(texts).toEqual(['Be polite.', 'Answer with JSON only.', 'Prefer billing.']);
    expect(question).toEqual({ instruction: 'Improve.', examples: fine.slice(0, 2), history: [] });
  }
});
