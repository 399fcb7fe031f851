import { describe, expect, it } from 'vitest';
import { exampleScores } from './example-scores.ts';
import { traceOf } from './fixtures.case.ts';

describe('scores by example', () => {
  it('are mean rewards by variant, over inputs that share half of their words', () => {
    const kinds = exampleScores([
      traceOf({ id: '1', input: 'My screen is black', variantId: 'a', reward: 1 }),
      traceOf({ id: '2', input: 'Charge me back', variantId: 'a', reward: 1 }),
      traceOf({ id: '3', input: 'my SCREEN is black again', variantId: 'b', reward: 0 }),
      traceOf({ id: '4', input: 'My screen is black', variantId: 'a', reward: 0 }),
    ]);
    expect(kinds.map(({ means }) => [...means])).toEqual([
      [
        ['a', 0.5],
        ['b', 0],
      ],
      [['a', 1]],
    ]);
    expect(kinds[0]?.traces.map(({ decision }) => decision.decisionId)).toEqual(['1', '3', '4']);
  });

  it('know nothing of requests without a reward', () => {
    expect(exampleScores([traceOf({ reward: null })])).toEqual([]);
  });

  it('keep equal inputs together, even without words', () => {
    expect(exampleScores([traceOf({ id: '1', input: '?' }), traceOf({ id: '2', input: '?' })])).toHaveLength(
      1,
    );
  });
});
