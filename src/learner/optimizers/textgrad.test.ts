import { describe, expect, it } from 'vitest';
import { insert, traceOf } from '../fixtures.case.ts';
import { added, base, scriptedTurn, suggest } from './scripted-turn.case.ts';
import { textgrad } from './textgrad.ts';

describe('TextGrad', () => {
  it('criticises 3 failures one by one, and takes one step against all criticisms', async () => {
    const { output, questions } = await scriptedTurn(textgrad, {}, (_, call) =>
      call < 4 ? [suggest(insert(`mend ${call}`, `cause ${call}`))] : [suggest(added)],
    );
    expect(questions.map(({ examples }) => examples.length)).toEqual([1, 1, 1, 3]);
    expect(questions.every(({ count }) => count === 1)).toBe(true);
    expect(questions[3]?.notes).toEqual(
      [1, 2, 3].map((call) => `cause ${call} [{"op":"insert","text":"mend ${call}"}]`),
    );
    expect(questions.flatMap(({ examples }) => examples).every(({ reward }) => reward === 0)).toBe(true);
    expect(output.candidates).toEqual([[base, added]]);
  });

  it('takes no step without a criticism, and asks nobody when nothing fails', async () => {
    expect((await scriptedTurn(textgrad, {}, () => [])).questions).toHaveLength(3);
    const { questions } = await scriptedTurn(textgrad, { traces: [traceOf({ reward: 1 })] });
    expect(questions).toEqual([]);
  });
});
