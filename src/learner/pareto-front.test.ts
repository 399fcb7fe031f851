import { describe, expect, it } from 'vitest';
import type { ExampleScores } from './example-scores.ts';
import { paretoFront } from './pareto-front.ts';

function examples(...scores: readonly Readonly<Record<string, number>>[]): readonly ExampleScores[] {
  return scores.map((means) => ({ traces: [], means: new Map(Object.entries(means)) }));
}
const all = new Set(['a', 'b', 'c']);

describe('the Pareto front', () => {
  it('holds whoever is best at something, and how often', () => {
    const front = paretoFront(examples({ a: 1, b: 0 }, { a: 1, b: 0, c: 0.5 }, { a: 0, b: 1 }), all);
    expect([...front]).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
  });

  it('leaves out who is best only where another one is too', () => {
    const front = paretoFront(examples({ a: 1, b: 1 }, { a: 1, b: 0 }), all);
    expect([...front]).toEqual([['a', 2]]);
  });

  it('keeps one of two that are equal everywhere', () => {
    expect(paretoFront(examples({ a: 1, b: 1 }, { a: 0, b: 0 }), all).size).toBe(1);
  });

  it('says nothing where nobody can be compared', () => {
    expect(paretoFront(examples({ a: 1 }, { b: 1 }), all).size).toBe(0);
    expect(paretoFront(examples({ a: 1, x: 0 }), all).size).toBe(0);
  });
});
