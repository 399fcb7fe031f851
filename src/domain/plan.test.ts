import { describe, expect, it } from 'vitest';
import { assertPlan, firstPlan, type ServingPlan } from './plan.ts';
import { makeVariant } from './variant.ts';

const plan = firstPlan('t', 1, 0);
const arm = (variantId: string, cap = 1): ServingPlan['arms'][number] => ({
  variantId,
  status: 'canary',
  cap,
});

describe('assertPlan', () => {
  it('accepts the plan that every task starts from', () => {
    expect(() => assertPlan(plan)).not.toThrow();
  });

  it.each<[string, Partial<ServingPlan>]>([
    ['an arm appears twice', { arms: [...plan.arms, ...plan.arms] }],
    ['the baseline is missing', { arms: [arm('v')], incumbentId: 'v' }],
    ['the incumbent is not an arm', { incumbentId: 'v' }],
    ['a cap is outside (0, 1]', { arms: [...plan.arms, arm('v', 0)] }],
  ])('refuses a plan in which %s', (fault, change) => {
    expect(() => assertPlan({ ...plan, ...change })).toThrow(fault);
  });
});

describe('makeVariant', () => {
  it('gives equal content an equal id, whatever its intent', () => {
    const one = makeVariant('t', 1, [{ op: 'insert', text: 'x', intent: 'a' }]);
    expect(makeVariant('t', 1, [{ op: 'insert', text: 'x', intent: 'b' }]).id).toBe(one.id);
    expect(makeVariant('t', 2, one.edits).id).not.toBe(one.id);
    expect(makeVariant('u', 1, one.edits).id).not.toBe(one.id);
    expect(makeVariant('t', 1, []).id).toBe('baseline');
  });
});
