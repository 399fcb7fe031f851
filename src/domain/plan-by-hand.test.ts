import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planForBaseline, planWithCanary, planWithPromotion, planWithRollback } from './next-plan.ts';
import { pinArm, promoteArm, rollBackTo, unpin, type PlanOrder } from './plan-by-hand.ts';
import { assertPlan, firstPlan, isForcedRemoval, type ServingPlan } from './plan.ts';

const order = { by: 'ada', atMs: 9 };
const start = firstPlan('t', 1, 0);
const promoted = (plan: ServingPlan, id: string): ServingPlan => planWithPromotion(plan, id, `c-${id}`, 2);
const done = (result: PlanOrder): ServingPlan => {
  if (result.kind === 'refused') throw new Error(result.reason);
  assertPlan(result.plan);
  return result.plan;
};
const ids = (plan: ServingPlan): readonly string[] => plan.arms.map(({ variantId }) => variantId);

describe('a pin', () => {
  const pinned = done(pinArm(promoted(start, 'a'), 'a', order));

  it('is a new plan with the same arms that says by whom', () => {
    expect(pinned).toMatchObject({
      version: 3,
      pinnedId: 'a',
      cause: { kind: 'pinned', variantId: 'a', by: 'ada' },
      atMs: 9,
    });
    expect(ids(pinned)).toEqual(['baseline', 'a']);
    expect(isForcedRemoval(pinned.cause)).toBe(false);
  });

  it('ends by order, and with its arm', () => {
    expect(done(unpin(pinned, order))).not.toHaveProperty('pinnedId');
    const rollback = { removedIds: ['a'], toVariantId: 'baseline', campaignId: null } as const;
    expect(planWithRollback(pinned, { ...rollback, reason: 'regression' }, 10)).not.toHaveProperty(
      'pinnedId',
    );
    expect(planForBaseline(pinned, 2, 10)).not.toHaveProperty('pinnedId');
  });

  it('outlives other changes', () => {
    expect(planWithCanary(pinned, 'b', 'c-b', 10)).toMatchObject({ pinnedId: 'a' });
  });

  it.each<[string, PlanOrder]>([
    ['to what is no arm', pinArm(start, 'a', order)],
    ['to what is pinned already', pinArm(pinned, 'a', order)],
    ['that is not there', unpin(start, order)],
  ])('%s is refused', (_, result) => expect(result.kind).toBe('refused'));
});

describe('a promotion by hand', () => {
  it('is marked so', () => {
    const plan = done(promoteArm(start, { variantId: 'a', campaignId: 'c-a' }, order));
    expect(plan).toMatchObject({
      incumbentId: 'a',
      cause: { kind: 'promoted', campaignId: 'c-a', by: 'ada' },
    });
    expect(promoteArm(plan, { variantId: 'a', campaignId: 'c-a' }, order).kind).toBe('refused');
  });
});

describe('the way back to an earlier plan', () => {
  const first = promoted(start, 'a');
  const second = promoted(first, 'b');
  const third = promoted(second, 'c');

  it('serves its incumbent again under a new version, and takes the later ones away', () => {
    const back = done(rollBackTo(third, first, order));
    expect(back).toMatchObject({
      version: 5,
      incumbentId: 'a',
      cause: { kind: 'rolled-back', reason: 'operator', by: 'ada', toVersion: 2 },
    });
    expect(ids(back)).toEqual(['baseline', 'a']);
    expect(isForcedRemoval(back.cause)).toBe(true);
  });

  it('leads to the agent\u2019s own prompt too', () => {
    expect(done(rollBackTo(third, start, order))).toMatchObject({ incumbentId: 'baseline' });
  });

  it('takes a canary away that came later, and leaves the incumbent', () => {
    const trial = planWithCanary(third, 'd', 'c-d', 7);
    expect(ids(done(rollBackTo(trial, third, order)))).toEqual(['baseline', 'c', 'b']);
  });

  it.each<[string, PlanOrder]>([
    ['to a plan of another baseline', rollBackTo(planForBaseline(third, 2, 7), second, order)],
    ['that changes nothing', rollBackTo(third, third, order)],
  ])('%s is refused', (_, result) => expect(result.kind).toBe('refused'));

  it('keeps the invariants of plans from anywhere to anywhere', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 6 }), fc.nat(), (steps, to) => {
        const plans = steps.reduce<readonly ServingPlan[]>(
          (all, id) => [...all, promoted(planWithCanary(all.at(-1) ?? start, id, id, 1), id)],
          [start],
        );
        const newest = plans.at(-1) ?? start;
        const target = plans[to % plans.length] ?? start;
        const result = rollBackTo(newest, target, order);
        if (result.kind === 'refused') return;
        assertPlan(result.plan);
        expect(result.plan.incumbentId).toBe(target.incumbentId);
        expect(result.plan.version).toBe(newest.version + 1);
      }),
    );
  });
});
