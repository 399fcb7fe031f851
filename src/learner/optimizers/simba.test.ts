import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '../../runtime/seeded-random.ts';
import { insert, traceOf, variantOf } from '../fixtures.case.ts';
import { base, added, scriptedTurn } from './scripted-turn.case.ts';
import { simba } from './simba.ts';

const kind = (name: string, rewards: readonly number[], expected: string | null = null) =>
  rewards.map((reward, index) => traceOf({ id: `${name}${index}`, input: name, reward, expected }));

/** Spreads of 1 and .5, and none. */
const traces = [
  ...kind('same', [1, 1, 1]),
  ...kind('half', [0.5, 1, 1]),
  ...kind('whole', [1, 0, 1]),
  ...kind('poor', [0, 0]),
];

describe('SIMBA', () => {
  it('compares the worst with the best where like requests went most differently', async () => {
    const { output, questions } = await scriptedTurn(simba, { traces });
    expect(questions.map(({ examples }) => examples.map(({ reward }) => reward))).toEqual([
      [0, 1],
      [0.5, 1],
    ]);
    expect(questions[0]?.examples[0]?.decision.inputHash).toBe('whole');
    expect(output.candidates[0]).toEqual([base, added]);
  });

  it('makes a demonstration as often as a rule, from the right answer, and names what it quotes', async () => {
    let demonstrations = 0;
    for (let seed = 0; seed < 100; seed += 1) {
      const { output, questions } = await scriptedTurn(simba, {
        traces: kind('My screen is black', [0, 1], 'hardware'),
        random: createSeededRandom(seed),
      });
      if (questions.length > 0) continue;
      demonstrations += 1;
      expect(output.candidates).toEqual([
        [
          base,
          {
            op: 'add-example',
            text: 'Input: My screen is black\nAnswer: hardware',
            intent: 'show a worked example',
          },
        ],
      ]);
      expect(output.shown?.map(({ decision }) => decision.decisionId)).toEqual(['My screen is black1']);
    }
    expect(demonstrations).toBeGreaterThan(30);
    expect(demonstrations).toBeLessThan(70);
  });

  it('keeps 4 demonstrations: others make way', async () => {
    const present = ['1', '2', '3', '4'].map((text) => ({ op: 'add-example', text, intent: '' }) as const);
    const { output } = await scriptedTurn(simba, {
      incumbent: variantOf(base, ...present),
      traces: kind('My screen is black', [0, 1], 'hardware'),
      random: { next: () => 0.3 },
    });
    const [candidate = []] = output.candidates;
    expect(candidate.filter(({ op }) => op === 'add-example')).toHaveLength(4);
    expect(candidate[0]).toEqual(base);
  });

  it('learns nothing where like requests went alike', async () => {
    const { output, questions } = await scriptedTurn(simba, { traces: kind('same', [1, 1]) });
    expect(questions).toEqual([]);
    expect(output.candidates).toEqual([]);
  });

  it('extends better prompts more often, at temperature .2', async () => {
    const better = variantOf(insert('better'));
    let drawn = 0;
    for (let seed = 0; seed < 200; seed += 1) {
      const { questions } = await scriptedTurn(simba, {
        traces: kind('whole', [0, 1]),
        archive: [
          { variant: better, score: 70 },
          { variant: variantOf(base), score: 50 },
        ],
        random: createSeededRandom(seed),
      });
      drawn += Number(questions[0]?.base?.id === better.id);
    }
    // exp(.7/.2) : exp(.5/.2) = 2.7 : 1.
    expect(drawn / 200).toBeGreaterThan(0.63);
    expect(drawn / 200).toBeLessThan(0.83);
  });
});
