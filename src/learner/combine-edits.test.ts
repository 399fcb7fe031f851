import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Edit } from '../domain/edit.ts';
import { createSeededRandom } from '../runtime/seeded-random.ts';
import { crossEdits, editsBeyond, mergeEdits } from './combine-edits.ts';
import { insert } from './fixtures.case.ts';

const [a, b, c] = [insert('a'), insert('b'), insert('c')];
const edits = fc
  .uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 5 })
  .map((texts) => texts.map((text) => insert(text)));

describe('a merge of edits', () => {
  it('has the edits of both, each once, whatever they are for', () => {
    expect(mergeEdits([a, b], [insert('b', 'for another reason'), c])).toEqual([a, b, c]);
  });

  it('keeps the first where two change the same phrase', () => {
    const replace: Edit = { op: 'replace', find: 'the queue', text: 'the team', intent: '' };
    const cut: Edit = { op: 'delete', find: 'name of the queue', intent: '' };
    expect(mergeEdits([replace], [cut, c])).toEqual([replace, c]);
  });

  it('contains both parents', () => {
    fc.assert(
      fc.property(edits, edits, (one, other) => {
        const merged = mergeEdits(one, other);
        expect([...editsBeyond(one, merged), ...editsBeyond(other, merged)]).toEqual([]);
        expect(merged).toHaveLength(new Set([...one, ...other].map((edit) => JSON.stringify(edit))).size);
      }),
    );
  });
});

describe('a crossover of edits', () => {
  it('keeps what both parents have, and takes nothing from elsewhere', () => {
    fc.assert(
      fc.property(edits, edits, fc.integer(), (one, other, seed) => {
        const child = crossEdits(one, other, createSeededRandom(seed));
        const shared = one.filter((edit) => !editsBeyond([edit], other).length);
        expect(editsBeyond(shared, child)).toEqual([]);
        expect(editsBeyond(child, mergeEdits(one, other))).toEqual([]);
      }),
    );
  });

  it('takes an edit that one parent has in half of the cases', () => {
    const random = createSeededRandom(1);
    let taken = 0;
    for (let round = 0; round < 400; round += 1) taken += crossEdits([a], [a, b], random).length - 1;
    expect(taken).toBeGreaterThan(150);
    expect(taken).toBeLessThan(250);
  });
});
