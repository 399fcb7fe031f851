import { describe, expect, it } from 'vitest';
import { insert, traceOf, variantOf } from '../fixtures.case.ts';
import { protegi } from './protegi.ts';
import { added, base, scriptedTurn, suggest } from './scripted-turn.case.ts';

const incumbent = variantOf(base);
const members = ['a', 'b', 'c', 'd', 'e'].map((text, index) => ({
  variant: variantOf(insert(text)),
  score: 60 - index,
}));

describe('ProTeGi', () => {
  it('criticises the prompt by 4 failures, then says the edits in other words where there is room', async () => {
    const { output, questions } = await scriptedTurn(protegi, { count: 4 }, (_, call) =>
      call === 1 ? [suggest(added)] : [suggest(insert('reworded')), suggest(insert('reworded again'))],
    );
    expect(questions.map(({ examples }) => examples.length)).toEqual([4, 0]);
    expect(questions[1]).toMatchObject({ notes: ['[{"op":"insert","text":"added"}]'], count: 2 });
    expect(output.candidates).toEqual([
      [base, added],
      [base, insert('reworded')],
      [base, insert('reworded again')],
    ]);
  });

  it('pays for no paraphrases that would find no room', async () => {
    const { questions } = await scriptedTurn(protegi, { count: 1 });
    expect(questions).toHaveLength(1);
  });

  it('expands a beam of 4, the incumbent first, and puts one child of each in front', async () => {
    const { output, questions } = await scriptedTurn(
      protegi,
      { archive: [...members, { variant: incumbent, score: 50 }] },
      () => [suggest(added), suggest(insert('second'))],
    );
    expect(questions.map((question) => question.base?.id)).toEqual(
      [incumbent, ...members.slice(0, 3).map(({ variant }) => variant)].map(({ id }) => id),
    );
    expect(output.candidates.slice(0, 5)).toEqual([
      [base, added],
      [base, insert('a'), added],
      [base, insert('b'), added],
      [base, insert('c'), added],
      [base, insert('second')],
    ]);
  });

  it('does not expand what was measured worse than the incumbent', async () => {
    const { questions } = await scriptedTurn(protegi, {
      archive: [
        { variant: incumbent, score: 50 },
        { variant: variantOf(insert('worse')), score: 49 },
      ],
      count: 1,
    });
    expect(questions.map((question) => question.base?.id)).toEqual([incumbent.id]);
  });

  it('asks nobody when nothing fails', async () => {
    const { questions } = await scriptedTurn(protegi, { traces: [traceOf({ reward: 1 })] });
    expect(questions).toEqual([]);
  });
});
