import { describe, expect, it } from 'vitest';
import { planOf } from './plans.case.ts';
import { isProven, takersOf } from './proven.ts';

const plan = planOf({ baseline: 'baseline', trial: 'canary', old: 'superseded', best: 'incumbent' });

describe('isProven', () => {
  it('is said of all but arms on trial', () => {
    expect(plan.arms.filter((arm) => isProven(arm, plan)).map(({ variantId }) => variantId)).toEqual([
      'baseline',
      'old',
      'best',
    ]);
  });

  it('is said of an incumbent whatever its status', () => {
    expect(plan.arms.map((arm) => isProven(arm, { incumbentId: 'trial' }))).toEqual([true, true, true, true]);
  });
});

describe('takersOf', () => {
  it('names the incumbent first', () => {
    expect(takersOf(plan.arms, plan)).toEqual([3, 0, 2]);
  });
});
