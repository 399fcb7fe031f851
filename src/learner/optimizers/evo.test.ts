import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '../../runtime/seeded-random.ts';
import { triedChanges } from '../edit-history.ts';
import { campaignOf, insert, variantOf } from '../fixtures.case.ts';
import { evoDe } from './evo-de.ts';
import { evo } from './evo.ts';
import { added, base, scriptedTurn, suggest } from './scripted-turn.case.ts';

const incumbent = variantOf(base);
const one = variantOf(insert('one'));
const two = variantOf(insert('two'));
const archive = [
  { variant: one, score: 60 },
  { variant: two, score: 55 },
  { variant: incumbent, score: 50 },
];

describe('the genetic algorithm', () => {
  it('mutates the incumbent where there is no other parent, all children in one call without examples', async () => {
    const { output, questions } = await scriptedTurn(evo);
    expect(questions).toMatchObject([{ count: 3, examples: [] }]);
    expect(output.candidates).toEqual([[base, added]]);
  });

  it('crosses parents, mutates the child, and keeps what the incumbent has', async () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 40; seed += 1) {
      const { output, questions } = await scriptedTurn(evo, { archive, random: createSeededRandom(seed) });
      for (const [index, candidate] of output.candidates.entries()) {
        expect(candidate).toEqual([...(questions[index]?.base?.edits ?? []), added]);
        expect(candidate[0]).toEqual(base);
        seen.add(candidate.map((edit) => ('text' in edit ? edit.text : '')).join(' '));
      }
    }
    expect(seen).toEqual(
      new Set(['base added', 'base one added', 'base two added', 'base one two added', 'base two one added']),
    );
  });

  it('draws parents by their scores', async () => {
    let better = 0;
    let worse = 0;
    const unequal = [
      { variant: one, score: 90 },
      { variant: two, score: 10 },
    ];
    for (let seed = 0; seed < 200; seed += 1) {
      const { questions } = await scriptedTurn(evo, {
        archive: unequal,
        count: 1,
        random: createSeededRandom(seed),
      });
      const edits = questions[0]?.base?.edits ?? [];
      better += Number(edits.some((edit) => 'text' in edit && edit.text === 'one'));
      worse += Number(edits.some((edit) => 'text' in edit && edit.text === 'two'));
    }
    // Both parents the better one: .81; one of each, and then a coin: .18/2.
    expect(better).toBeGreaterThan(150);
    expect(worse).toBeLessThan(50);
  });
});

describe('differential evolution', () => {
  const tried = triedChanges(
    [one, two].map((variant) => campaignOf({ variant, state: 'rejected', meanDifference: -0.1 })),
    1,
    { incumbentId: 'baseline', meanReward: 0.5 },
  );

  it('shows what two members do differently, and puts the mutation onto the incumbent', async () => {
    const differences = new Set<string>();
    for (let seed = 0; seed < 40; seed += 1) {
      const { output, questions } = await scriptedTurn(evoDe, { tried, random: createSeededRandom(seed) });
      expect(questions).toMatchObject([{ examples: [] }]);
      expect(questions[0]?.base).toBeUndefined();
      expect(output.candidates).toEqual([[base, added]]);
      differences.add((questions[0]?.notes ?? []).map((note) => /"text":"(\w+)"/.exec(note)?.[1]).join(' '));
    }
    expect(differences).toEqual(
      new Set(['base one', 'one base', 'base two', 'two base', 'one two', 'two one']),
    );
  });

  it('crosses the mutant with a third member, half of whose edits it takes over', async () => {
    let crossed = 0;
    for (let seed = 0; seed < 90; seed += 1) {
      const random = createSeededRandom(seed);
      const { output } = await scriptedTurn(evoDe, { archive, random, count: 1 });
      expect(output.candidates[0]?.at(-1)).toEqual(added);
      crossed += Number(output.candidates[0]?.length === 3);
    }
    // A third member other than the incumbent in 2 of 3 draws, its edit in half of these.
    expect(crossed).toBeGreaterThan(15);
    expect(crossed).toBeLessThan(45);
  });

  it('mutates the prompt itself where there is no difference', async () => {
    const { questions } = await scriptedTurn(evoDe, { incumbent: variantOf() }, () => [suggest(added)]);
    expect(questions).toMatchObject([{ notes: [] }]);
  });
});
