import { describe, expect, it } from 'vitest';
import type { Ledger } from './histogram.ts';
import { jointCells, jointCount, jointOf, jointRow, mergeJoints } from './joint-histogram.ts';

describe('joint histograms', () => {
  it('are read back from the rows of a ledger, and from no other of its histograms', () => {
    const ledger: Ledger = {
      primary: { '0': 9 },
      [jointRow('agreement:x', -100)]: { '0': 2, '100': 1 },
      [jointRow('agreement:x', 50)]: { '-100': 4 },
      [jointRow('agreement:y', 0)]: { '0': 7 },
      'agreement:x:left': { '0': 5 },
    };
    expect(jointOf(ledger, 'agreement:x')).toEqual({ '-100': { '0': 2, '100': 1 }, '50': { '-100': 4 } });
    expect(jointOf(ledger, 'agreement')).toEqual({});
  });

  it('add up cell by cell, in one order whatever the order of arrival', () => {
    const one = { '100': { '0': 1 }, '-100': { '50': 2 } };
    const other = { '-100': { '50': 1, '-50': 1 } };
    expect(jointCells(mergeJoints(one, other))).toEqual([
      { first: -1, second: -0.5, count: 1 },
      { first: -1, second: 0.5, count: 3 },
      { first: 1, second: 0, count: 1 },
    ]);
    expect(jointCount(mergeJoints(one, other))).toBe(5);
    expect(jointCells(mergeJoints(other, one))).toEqual(jointCells(mergeJoints(one, other)));
  });
});
