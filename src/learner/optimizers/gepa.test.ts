import { describe, expect, it } from 'vitest';
import { triedChanges } from '../edit-history.ts';
import { exampleScores } from '../example-scores.ts';
import { campaignOf, insert, traceOf, variantOf } from '../fixtures.case.ts';
import { gepa } from './gepa.ts';
import { added, base, scriptedTurn } from './scripted-turn.case.ts';

const incumbent = variantOf(base);
const other = variantOf(insert('other'));
const standing = { incumbentId: incumbent.id, meanReward: 0.5 };

/** The other one answers billing well, the incumbent everything else. */
const scoresByExample = exampleScores(
  Array.from({ length: 12 }, (_, index) => {
    const isOther = index % 2 === 0;
    const isBilling = index % 4 < 2;
    return traceOf({
      id: `d${index}`,
      input: isBilling ? 'charged twice' : 'screen black',
      variantId: isOther ? other.id : incumbent.id,
      reward: isOther === isBilling ? 1 : 0,
    });
  }),
);
const triedAs = (state: 'canary' | 'rejected') =>
  triedChanges([campaignOf({ variant: other, state, incumbentId: incumbent.id })], 1, standing);

describe('GEPA', () => {
  it('reflects on 3 traces, good and bad ones, as long as only the incumbent is known', async () => {
    const { output, questions } = await scriptedTurn(gepa);
    expect(questions).toHaveLength(1);
    expect(questions[0]?.base?.id).toBe(incumbent.id);
    expect(questions[0]?.examples).toHaveLength(3);
    expect(questions[0]?.examples.some(({ reward }) => reward === 0)).toBe(true);
    expect(output.candidates).toEqual([[base, added]]);
  });

  it('asks nobody when the minibatch cannot be other than perfect', async () => {
    const traces = ['a', 'b', 'c', 'd'].map((id) => traceOf({ id, input: id, reward: 1 }));
    expect((await scriptedTurn(gepa, { traces })).questions).toEqual([]);
  });

  it('merges two variants of the front, and draws parents among both', async () => {
    const parents = new Set<string | undefined>();
    for (let turn = 0; turn < 20; turn += 1) {
      const random = { next: () => (turn + 0.5) / 20 };
      const { output, questions } = await scriptedTurn(gepa, {
        tried: triedAs('canary'),
        scoresByExample,
        random,
      });
      expect(output.candidates[0]).toEqual([base, insert('other')]);
      expect(output.candidates[1]).toContainEqual(added);
      const [question] = questions;
      parents.add(question?.base?.id);
      if (question?.base?.id === other.id)
        expect(question.examples.every(({ decision }) => decision.variantId === other.id)).toBe(true);
    }
    expect(parents).toEqual(new Set([incumbent.id, other.id]));
  });

  it('has no parent that a verdict went against, and repeats no merge', async () => {
    const rejected = await scriptedTurn(gepa, { tried: triedAs('rejected'), scoresByExample });
    expect(rejected.output.candidates).toEqual([[base, added]]);
    const merged = campaignOf({ variant: variantOf(base, insert('other')), state: 'inconclusive' });
    const { output } = await scriptedTurn(gepa, {
      tried: [...triedAs('canary'), ...triedChanges([merged], 1, standing)],
      scoresByExample,
    });
    expect(output.candidates.every((edits) => edits.includes(added))).toBe(true);
  });
});
