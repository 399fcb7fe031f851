import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  planForBaseline,
  planWithCanary,
  planWithoutCanary,
  planWithPromotion,
  planWithRollback,
} from './next-plan.ts';
import { assertPlan, firstPlan, type ServingPlan } from './plan.ts';

const arms = (plan: ServingPlan): [string, string][] =>
  plan.arms.map(({ variantId, status }) => [variantId, status]);
const promoted = (plan: ServingPlan, id: string): ServingPlan =>
  planWithPromotion(planWithCanary(plan, id, `c-${id}`, 1), id, `c-${id}`, 2);
const start = firstPlan('t', 1, 0);

describe('plans', () => {
  it('admit a canary beside what serves', () => {
    expect(arms(planWithCanary(start, 'a', 'c', 1))).toEqual([
      ['baseline', 'baseline'],
      ['a', 'canary'],
    ]);
  });

  it('keep one earlier incumbent beside the baseline', () => {
    const third = promoted(promoted(promoted(start, 'a'), 'b'), 'c');
    expect(third.incumbentId).toBe('c');
    expect(arms(third)).toEqual([
      ['baseline', 'baseline'],
      ['c', 'incumbent'],
      ['b', 'superseded'],
    ]);
  });

  it('go back to an arm that had left, without the harmful one and the canary', () => {
    const third = planWithCanary(promoted(promoted(promoted(start, 'a'), 'b'), 'c'), 'd', 'c-d', 3);
    const rollback = {
      removedIds: ['c', 'd'],
      toVariantId: 'a',
      campaignId: 'c-c',
      reason: 'regression',
    } as const;
    const back = planWithRollback(third, rollback, 4);
    expect(arms(back)).toEqual([
      ['baseline', 'baseline'],
      ['a', 'incumbent'],
      ['b', 'superseded'],
    ]);
    expect(back).toMatchObject({
      version: third.version + 1,
      incumbentId: 'a',
      cause: { kind: 'rolled-back' },
    });
  });

  it('go back to the baseline', () => {
    const rollback = {
      removedIds: ['a'],
      toVariantId: 'baseline',
      campaignId: null,
      reason: 'undecided',
    } as const;
    const back = planWithRollback(promoted(start, 'a'), rollback, 4);
    expect(arms(back)).toEqual([['baseline', 'baseline']]);
    expect(back.incumbentId).toBe('baseline');
  });

  it('take a harmful canary away and leave the rest', () => {
    const before = planWithCanary(promoted(start, 'a'), 'b', 'c-b', 3);
    const rollback = {
      removedIds: ['b'],
      toVariantId: 'a',
      campaignId: 'c-b',
      reason: 'regression',
    } as const;
    expect(arms(planWithRollback(before, rollback, 4))).toEqual([
      ['baseline', 'baseline'],
      ['a', 'incumbent'],
    ]);
    expect(arms(planWithoutCanary(before, { variantId: 'b', campaignId: 'c-b', reason: 'x' }, 4))).toEqual([
      ['baseline', 'baseline'],
      ['a', 'incumbent'],
    ]);
  });

  it('start anew with a new baseline', () => {
    const next = planForBaseline(promoted(start, 'a'), 2, 9);
    expect(arms(next)).toEqual([['baseline', 'baseline']]);
    expect(next).toMatchObject({
      baselineVersion: 2,
      incumbentId: 'baseline',
      cause: { kind: 'baseline-changed' },
    });
  });

  it('keep their invariants through any history', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd');
    const move = fc.tuple(fc.constantFrom('admit', 'promote', 'roll back', 'ship'), id);
    fc.assert(
      fc.property(fc.array(move, { maxLength: 20 }), (moves) => {
        let plan = start;
        for (const [kind, variantId] of moves) {
          // An arm that serves at the top is neither admitted nor promoted again, and nobody goes back to where he is.
          if (kind !== 'ship' && variantId === plan.incumbentId) continue;
          if (kind === 'admit') plan = planWithCanary(plan, variantId, 'x', 1);
          if (kind === 'promote') plan = promoted(plan, variantId);
          if (kind === 'ship') plan = planForBaseline(plan, plan.baselineVersion + 1, 1);
          if (kind === 'roll back' && plan.incumbentId !== 'baseline') {
            const removedIds = [plan.incumbentId];
            const rollback = {
              removedIds,
              toVariantId: variantId,
              campaignId: null,
              reason: 'operator',
            } as const;
            plan = planWithRollback(plan, rollback, 1);
          }
          assertPlan(plan);
          expect(plan.arms.filter(({ status }) => status === 'incumbent').length).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});
