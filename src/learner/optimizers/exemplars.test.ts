import { describe, expect, it } from 'vitest';
import { triedChanges } from '../edit-history.ts';
import { campaignOf, insert, traceOf, variantOf } from '../fixtures.case.ts';
import { contextOf } from '../optimizer-context.case.ts';
import { demonstrationOf } from '../demonstration.ts';
import { exemplars } from './exemplars.ts';
import { createSeededRandom } from '../../runtime/seeded-random.ts';
import type { Edit } from '../../domain/edit.ts';

const themes = ['refund of a double charge', 'screen stays black', 'login from abroad', 'printer jams daily'];
const traces = Array.from({ length: 12 }, (_, index) =>
  traceOf({
    id: `d${index}`,
    input: `${themes[index % 4]} ${'abcdefghijkl'[index]}`,
    expected: index === 11 ? null : `answer ${index % 4}`,
    reward: index % 2,
    atMs: index,
  }),
);
const demonstrations = traces.flatMap((trace) => demonstrationOf(trace, 200) ?? []);

describe('exemplars', () => {
  it('quotes requests with a right answer only, says which, and asks nobody', async () => {
    const ask = async (): Promise<never> => {
      throw new Error('nobody is asked');
    };
    const { candidates, shown = [] } = await exemplars.propose(contextOf({ traces, ask }));
    expect(candidates).toHaveLength(3);
    const quoted = candidates.flat();
    for (const edit of quoted) expect(demonstrations).toContainEqual(edit);
    expect(
      new Set(shown.flatMap((trace) => (demonstrationOf(trace, 200)?.op === 'add-example' ? [trace] : []))),
    ).toEqual(new Set(shown));
    const told = new Set(shown.map((trace) => JSON.stringify(demonstrationOf(trace, 200))));
    expect(new Set(quoted.map((edit) => JSON.stringify(edit)))).toEqual(told);
    expect(exemplars.calls).toBe(0);
  });

  it('is as long as one step may be, and never longer than 20', async () => {
    for (const growthCharactersMax of [60, 200, Infinity]) {
      const many = Array.from({ length: 40 }, (_, index) =>
        traceOf({ id: `m${index}`, input: `input ${index}`, expected: 'x' }),
      );
      const { candidates } = await exemplars.propose(
        contextOf({ traces: many, growthCharactersMax, count: 20 }),
      );
      for (const edits of candidates) {
        expect(edits.length).toBeLessThanOrEqual(20);
        const characters = edits.reduce((sum, edit) => sum + ('text' in edit ? edit.text.length : 0), 0);
        expect(characters).toBeLessThanOrEqual(growthCharactersMax);
      }
    }
  });

  it('keeps what the incumbent says, and may leave out its demonstrations', async () => {
    const own: Edit = { op: 'add-example', text: 'Input: hello\nAnswer: none', intent: 'i' };
    const incumbent = variantOf(insert('rule'), own);
    const { candidates } = await exemplars.propose(contextOf({ traces, incumbent, count: 40 }));
    for (const edits of candidates) expect(edits[0]).toEqual(insert('rule'));
    const keeping = candidates.filter((edits) =>
      edits.some((edit) => 'text' in edit && edit.text === own.text),
    );
    expect(keeping.length).toBeGreaterThan(5);
    expect(keeping.length).toBeLessThan(candidates.length);
  });

  it('prefers sequences like those that scored well, and repeats none', async () => {
    const good = demonstrations
      .filter(({ op }, index) => op === 'add-example' && index % 4 === 0)
      .slice(0, 1);
    const bad = demonstrations.filter((_, index) => index % 4 === 1).slice(0, 1);
    const tried = triedChanges(
      [good, bad].flatMap((edits, index) =>
        Array.from({ length: 6 }, () =>
          campaignOf({
            variant: variantOf(...edits),
            state: 'inconclusive',
            meanDifference: index === 0 ? 0.4 : -0.4,
          }),
        ),
      ),
      1,
      { incumbentId: 'baseline', meanReward: 0.5 },
    );
    const likeGood = async (history: typeof tried): Promise<number> => {
      let [count, all] = [0, 0];
      for (let seed = 1; seed <= 10; seed += 1) {
        const random = createSeededRandom(seed);
        const { candidates } = await exemplars.propose(
          contextOf({ traces, tried: history, random, growthCharactersMax: 60 }),
        );
        for (const edits of candidates) {
          expect(edits).not.toEqual(history.length > 0 ? good : []);
          all += 1;
          if (edits.some((edit) => 'text' in edit && edit.text.includes(themes[0] ?? ''))) count += 1;
        }
      }
      return count / all;
    };
    expect(await likeGood(tried)).toBeGreaterThan((await likeGood([])) + 0.2);
  });

  it('has nothing to say without a right answer', async () => {
    expect(await exemplars.propose(contextOf({ traces: [traceOf()] }))).toEqual({ candidates: [] });
  });
});
