import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '../../runtime/seeded-random.ts';
import { triedChanges } from '../edit-history.ts';
import { campaignOf, insert, traceOf, variantOf } from '../fixtures.case.ts';
import { contextOf } from '../optimizer-context.case.ts';
import type { Question } from '../optimizer.ts';
import { compositions, isComposed, structure } from './structure.ts';

const textOf = (sections: readonly string[], words = 'do this.'): string =>
  sections.map((section) => `${section}: ${words}`).join('\n');

/** Fills in whichever composition it is asked for, after some proposals of another form. */
function filling(questions: Question[], words = 'do this.') {
  return async (question: Question) => {
    questions.push(question);
    const asked = compositions.find(({ name }) => question.instruction.includes(`task: ${name}.`));
    const edits = [insert('Be brief.'), insert(textOf(asked?.sections ?? [], words))];
    return edits.map((edit) => ({ intent: 'i', edits: [edit] }));
  };
}

describe('a structure', () => {
  it('is a composition and nothing else, looked at twice', async () => {
    const questions: Question[] = [];
    const { candidates } = await structure.propose(
      contextOf({ traces: [traceOf()], ask: filling(questions) }),
    );
    expect(candidates).toHaveLength(1);
    const [edit] = candidates[0] ?? [];
    const text = edit?.op === 'insert' ? edit.text : '';
    expect(compositions.some(({ sections }) => isComposed(text, sections))).toBe(true);
    expect(questions).toHaveLength(2);
    expect(questions[1]?.notes).toEqual([expect.stringContaining(JSON.stringify(text))]);
  });

  it('keeps its first draft where looking again gives none', async () => {
    const questions: Question[] = [];
    const fill = filling(questions);
    const ask = async (question: Question) => (question.notes === undefined ? await fill(question) : []);
    expect((await structure.propose(contextOf({ ask }))).candidates).toHaveLength(1);
  });

  it('is one that was not tried, as long as there is one; then the best of those not turned down', async () => {
    const tried = triedChanges(
      compositions.slice(1).map(({ sections }, index) =>
        campaignOf({
          variant: variantOf(insert(textOf(sections))),
          state: index === 0 ? 'rejected' : 'inconclusive',
          meanDifference: index / 10,
        }),
      ),
      1,
      { incumbentId: 'baseline', meanReward: 0.5 },
    );
    for (let seed = 1; seed <= 5; seed += 1) {
      const questions: Question[] = [];
      await structure.propose(
        contextOf({ tried, ask: filling(questions), random: createSeededRandom(seed) }),
      );
      expect(questions[0]?.instruction).toContain(compositions[0]?.name);
    }
    const questions: Question[] = [];
    const incumbent = variantOf(insert(textOf(compositions[0]?.sections ?? [])));
    await structure.propose(contextOf({ incumbent, tried, ask: filling(questions) }));
    expect(questions[0]?.instruction).toContain(compositions.at(-1)?.name);
  });

  it.each([
    ['Draft: a.\nCheck: b.\nAnswer: c.', true],
    ['Draft: a.\n\nCheck: b.\n  Answer: c.', true],
    ['Draft: a.\nAnswer: c.\nCheck: b.', false],
    ['Draft: a.\nCheck: b.', false],
    ['Draft:\nCheck: b.\nAnswer: c.', false],
    ['Draft: a.\nCheck: b.\nAnswer: c.\nAnd more.', false],
  ])('%j: %s', (text, isOne) => {
    expect(isComposed(text, ['Draft', 'Check', 'Answer'])).toBe(isOne);
  });
});
