import { describe, expect, it } from 'vitest';
import type { Edit } from '../../domain/edit.ts';
import { createSeededRandom } from '../../runtime/seeded-random.ts';
import { triedChanges, type TriedChange } from '../edit-history.ts';
import { campaignOf, insert, variantOf } from '../fixtures.case.ts';
import { contextOf } from '../optimizer-context.case.ts';
import type { Question } from '../optimizer.ts';
import { rephrase } from './rephrase.ts';

const reword = (find: string, text: string): Edit => ({ op: 'replace', find, text, intent: 'i' });
const described = [
  reword('You sort tickets.', 'Tickets come to you.'),
  reword('sort tickets', 'route tickets'),
];
const instructed = [reword('Answer with the name of the queue.', 'Name the queue.')];
const suggesting =
  (...edits: readonly Edit[]) =>
  async () =>
    edits.map((edit) => ({ intent: 'i', edits: [edit] }));

function triedWith(entries: readonly (readonly [readonly Edit[], number])[]): readonly TriedChange[] {
  return triedChanges(
    entries.map(([edits, meanDifference], index) =>
      campaignOf({ id: `c${index}`, variant: variantOf(...edits), state: 'inconclusive', meanDifference }),
    ),
    1,
    { incumbentId: 'baseline', meanReward: 0.5 },
  );
}

describe('rephrasing', () => {
  it('tries rewordings of either part and of both together, never the originals', async () => {
    const ask = suggesting(...described, ...instructed, insert('Be brief.'));
    const { candidates } = await rephrase.propose(contextOf({ ask, count: 50 }));
    expect(candidates).toHaveLength(5);
    expect(candidates).toEqual(expect.arrayContaining([...described, ...instructed].map((edit) => [edit])));
    for (const edit of described) expect(candidates).toContainEqual([edit, ...instructed]);
  });

  it('shows both parts, in one call', async () => {
    const questions: Question[] = [];
    await rephrase.propose(
      contextOf({
        ask: async (question) => {
          questions.push(question);
          return [];
        },
      }),
    );
    expect(questions.map(({ notes }) => notes)).toEqual([
      ['You sort tickets.', '\nAnswer with the name of the queue.'],
    ]);
  });

  it('combines with earlier rewordings, but for those that were turned down, and repeats no pair', async () => {
    const tried = [
      ...triedWith([[described.slice(0, 1), 0.1]]),
      ...triedWith([[described.slice(1), -0.1]]).map((change) => ({
        ...change,
        outcome: 'rejected' as const,
      })),
    ];
    const { candidates } = await rephrase.propose(
      contextOf({ ask: suggesting(...instructed), tried, count: 50 }),
    );
    expect(candidates).toEqual(expect.arrayContaining([instructed, [described[0], ...instructed]]));
    expect(candidates).toHaveLength(2);
  });

  it('prefers pairs like those that scored well', async () => {
    const words = ['alpha beta gamma', 'delta epsilon zeta'];
    const rewordings = words.flatMap((theme) =>
      ['now', 'then', 'soon'].map((tail) => reword('You sort tickets.', `You ${theme} ${tail}.`)),
    );
    const tried = triedWith(
      words.flatMap((theme, index) =>
        Array.from({ length: 6 }, (_, round): readonly [readonly Edit[], number] => [
          [reword('You sort tickets.', `You ${theme} ${round}.`)],
          index === 0 ? 0.4 : -0.4,
        ]),
      ),
    );
    let good = 0;
    for (let seed = 1; seed <= 40; seed += 1) {
      const { candidates } = await rephrase.propose(
        contextOf({ ask: suggesting(...rewordings), tried, count: 1, random: createSeededRandom(seed) }),
      );
      if (JSON.stringify(candidates).includes('alpha')) good += 1;
    }
    expect(good).toBeGreaterThan(30);
  });
});
