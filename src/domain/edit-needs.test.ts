import { describe, expect, it } from 'vitest';
import type { Edit } from './edit.ts';
import { literalSkeleton } from './skeleton.ts';
import { editNeeds, withNeeds } from './edit-needs.ts';

const baseline = literalSkeleton('You sort tickets.');
const insert = (text: string, after?: string): Edit => ({
  op: 'insert',
  text,
  intent: text,
  ...(after === undefined ? {} : { after }),
});
const first = insert('Name the queue.');
const second = insert('Use its short name.', 'Name the queue.');
const third = insert('Nothing else.', 'Use its short name.');
const apart = insert('Be brief.', 'You sort tickets.');

describe('the graph of edits', () => {
  it('has an edge where a phrase stands in text that another edit put in, also through others', () => {
    expect(editNeeds(baseline, [first, apart, second, third])).toEqual([[], [], [0], [0, 2]]);
  });

  it('knows of no need where edits do not apply', () => {
    expect(editNeeds(baseline, [second, first])).toEqual([[], []]);
  });

  it('brings along what an edit needs, and nothing else', () => {
    expect(withNeeds(baseline, [first, apart, second, third], new Set([third]))).toEqual([
      first,
      second,
      third,
    ]);
    expect(withNeeds(baseline, [first, apart], new Set([apart]))).toEqual([apart]);
  });
});
