import { describe, expect, it } from 'vitest';
import { combineComparisons, comparisonOf, sameAnswers, type Comparison } from './comparison.ts';
import type { Judgement } from './judgement.schema.ts';

const saying = (better: Judgement['better'], firstPasses = true, secondPasses = true): Judgement => ({
  better,
  firstPasses,
  secondPasses,
  reason: `${better} it is`,
});

describe('comparisonOf', () => {
  it.each([
    ['the candidate, in both orders', 'first', 'second', 1],
    ['the incumbent, in both orders', 'second', 'first', -1],
    ['whoever comes first', 'first', 'first', 0],
    ['whoever comes second', 'second', 'second', 0],
    ['neither', 'neither', 'neither', 0],
    ['the candidate, but only when it comes first', 'first', 'neither', 0],
    ['the incumbent, but only when it comes first', 'neither', 'first', 0],
  ] as const)('%s', (_, forward, backward, difference) => {
    expect(comparisonOf(saying(forward), saying(backward))).toMatchObject({ kind: 'compared', difference });
  });

  it('gives each answer its own passes, and keeps both reasons', () => {
    expect(comparisonOf(saying('first', true, false), saying('neither', false, true))).toEqual({
      kind: 'compared',
      difference: 0,
      passes: { candidate: 1, incumbent: 0 },
      reasons: ['first it is', 'neither it is'],
    });
  });
});

describe('combineComparisons', () => {
  const told = (difference: -1 | 0 | 1, candidate: number): Comparison => ({
    kind: 'compared',
    difference,
    passes: { candidate, incumbent: 0 },
    reasons: [],
  });

  it('weighs those that could tell, and says nothing where none could', () => {
    const silent: Comparison = { kind: 'missing', reason: 'x' };
    expect(
      combineComparisons([
        { weight: 3, comparison: told(1, 1) },
        { weight: 1, comparison: told(-1, 0) },
        { weight: 9, comparison: silent },
      ]),
    ).toEqual({ difference: 0.5, passes: { candidate: 0.75, incumbent: 0 } });
    expect(combineComparisons([{ weight: 1, comparison: silent }])).toBeUndefined();
    expect(combineComparisons([])).toBeUndefined();
  });

  it('has no passes of answers that nobody looked at', () => {
    expect(combineComparisons([{ weight: 1, comparison: sameAnswers }])).toEqual({
      difference: 0,
      passes: null,
    });
  });
});
