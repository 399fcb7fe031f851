import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '../../runtime/seeded-random.ts';
import { triedChanges } from '../edit-history.ts';
import { campaignOf, insert, traceOf, variantOf } from '../fixtures.case.ts';
import { mipro } from './mipro.ts';
import { added, base, scriptedTurn } from './scripted-turn.case.ts';

const incumbent = variantOf(base);
const standing = { incumbentId: incumbent.id, meanReward: 0.5 };
const labelled = ['screen', 'invoice', 'password'].map((input) =>
  traceOf({ id: input, input, reward: 1, expected: `queue of ${input}` }),
);

describe('MIPRO', () => {
  it('combines instructions with demonstrations of right answers, and names what it quotes', async () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 30; seed += 1) {
      const { output, questions } = await scriptedTurn(mipro, {
        traces: labelled,
        random: createSeededRandom(seed),
      });
      expect(questions).toHaveLength(1);
      for (const candidate of output.candidates) {
        expect(candidate[0]).toEqual(base);
        const examples = candidate.filter(({ op }) => op === 'add-example');
        seen.add(`${candidate.includes(added) ? 'instruction ' : ''}${examples.length}`);
        for (const { decision } of output.shown ?? [])
          expect(labelled.map((t) => t.decision.decisionId)).toContain(decision.decisionId);
        expect(output.shown?.length).toBeGreaterThanOrEqual(examples.length);
      }
    }
    expect(seen).toContain('instruction 0');
    expect(seen).toContain('instruction 1');
    expect(seen).toContain('1');
    expect(seen).toContain('2');
  });

  it('makes do with instructions where no right answer is known', async () => {
    const { output } = await scriptedTurn(mipro);
    expect(output).toEqual({ candidates: [[base, added]], shown: [] });
  });

  it('learns from what earlier combinations scored', async () => {
    // The second example was good with the first instruction, the second instruction with the first example.
    const example = (text: string) => ({ op: 'add-example', text, intent: '' }) as const;
    const pairs = [
      ['a', 'a', 0],
      ['b', 'a', 0.2],
      ['a', 'b', 0.2],
      ['c', 'a', -0.1],
      ['a', 'c', -0.1],
      ['c', 'c', -0.2],
    ] as const;
    const campaigns = Array.from({ length: 4 }, () => pairs).flatMap((round, index) =>
      round.map(([words, shown, meanDifference]) =>
        campaignOf({
          id: `${index} ${words} ${shown}`,
          variant: variantOf(base, insert(words), example(shown)),
          parentId: incumbent.id,
          state: 'inconclusive',
          meanDifference,
        }),
      ),
    );
    const tried = triedChanges(campaigns, 1, standing);
    let promising = 0;
    let poor = 0;
    for (let seed = 0; seed < 200; seed += 1) {
      const random = createSeededRandom(seed);
      const { output } = await scriptedTurn(mipro, { tried, count: 1, random }, () => []);
      const texts = output.candidates.flat().map((edit) => ('text' in edit ? edit.text : ''));
      promising += Number(texts.includes('b') && !texts.includes('c'));
      poor += Number(texts.includes('c'));
    }
    // Of the 9 combinations left to be tried, 3 hold a b and no c, and 4 a c.
    expect(promising).toBeGreaterThan(140);
    expect(poor).toBeLessThan(20);
  });

  it('takes up nothing that was turned down by itself', async () => {
    const tried = triedChanges(
      [campaignOf({ variant: variantOf(base, insert('bad')), parentId: incumbent.id, state: 'rejected' })],
      1,
      standing,
    );
    for (let seed = 0; seed < 20; seed += 1) {
      const { output } = await scriptedTurn(mipro, { tried, random: createSeededRandom(seed) });
      expect(output.candidates).toEqual([[base, added]]);
    }
  });
});
