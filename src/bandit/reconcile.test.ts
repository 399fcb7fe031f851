import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BanditState } from '../domain/bandit-state.ts';
import { planWithCanary, withEntryShare } from '../domain/next-plan.ts';
import { firstPlan } from '../domain/plan.ts';
import { defaultTaskConfig } from '../domain/task.ts';
import { drawArbitrary, planArbitrary, planOf, played } from './plans.case.ts';
import { isProven } from './proven.ts';
import { reconcileBandit, startBandit } from './reconcile.ts';
import { stepRouting } from './routing.ts';

const budget = { exploreShare: 0.1 };
const shares = ({ routing }: BanditState): Readonly<Record<string, number>> => routing.probabilities;
const seen = [
  { arm: 0, propensity: 1, reward: 0.25 },
  { arm: 0, propensity: 1, reward: 0.5 },
];

describe('startBandit', () => {
  it('gives the baseline of a first plan all traffic', () => {
    expect(startBandit(firstPlan('task', 1, 5))).toMatchObject({
      arms: { baseline: { L: 0, N: 0, S: 0, sel: 0, obs: 0 } },
      n: 0,
      gN: 1,
      gS: 0.5,
      age: 0,
      feedbacks: 0,
      routing: {
        planVersion: 1,
        incumbentId: 'baseline',
        probabilities: { baseline: 1 },
        klMax: 0.005,
        atMs: 5,
      },
    });
  });

  it('shares evenly among proven arms what arms on trial do not take', () => {
    const plan = planOf({ a: 'incumbent', b: 'superseded', c: 'canary' });
    expect(shares(startBandit(plan))).toEqual({ a: 0.495, b: 0.495, c: 0.01 });
  });
});

describe('reconcileBandit', () => {
  it.each([
    [1, 0.1, 0.01],
    [0.005, 0.1, 0.005],
    [1, 0.002, 0.002],
  ])('admits an arm with cap %d, exploring %d, with %d of the traffic', (cap, exploreShare, expected) => {
    const state = played(planOf({ a: 'incumbent', b: 'superseded' }), seen);
    const next = planOf({ a: 'incumbent', b: 'superseded', c: ['canary', cap] }, 2);
    const admitted = shares(reconcileBandit(state, next, { exploreShare }));
    expect(admitted['c']).toBeCloseTo(expected, 12);
    expect(admitted['a']! / admitted['b']!).toBeCloseTo(shares(state)['a']! / shares(state)['b']!, 12);
  });

  it('admits an arm with no more than its entry share, which bounds no later step', () => {
    const before = planWithCanary(firstPlan('task', 1, 0), 'a', 'c', 1);
    const plan = withEntryShare(before, 'a', 0.005);
    const admitted = reconcileBandit(startBandit(firstPlan('task', 1, 0)), plan, budget);
    expect(shares(admitted)['a']).toBeCloseTo(0.005, 12);
    const settings = { bandit: defaultTaskConfig.bandit, budget: { ...defaultTaskConfig.budget, ...budget } };
    let state = admitted;
    for (let step = 0; step < 40; step++) {
      const losing = { ...state, arms: { ...state.arms, baseline: { L: 40, N: 1, S: 1, sel: 0, obs: 0 } } };
      state = { ...state, routing: stepRouting(losing, { ...settings, plan, nowMs: step }) };
    }
    expect(shares(state)['a']).toBeGreaterThan(0.5);
  });

  it('lets an arm enter with the discounted losses that were observed', () => {
    const state = played(planOf({ a: 'incumbent' }), seen);
    const admitted = reconcileBandit(state, planOf({ a: 'incumbent', b: 'canary' }, 2), budget);
    expect(admitted.arms['b']?.L).toBeCloseTo(0.75 * 0.999 + 0.5, 12);
    expect(admitted.arms['b']).toMatchObject({ N: 0, S: 0, sel: 0, obs: 0 });
    expect(admitted.arms['a']).toEqual(state.arms['a']);
  });

  it('gives the traffic of a removed arm to the incumbent first, then to those with room', () => {
    const plan = planOf({ a: 'incumbent', b: 'superseded', c: 'superseded' });
    const state = startBandit(plan);
    const without = reconcileBandit(state, planOf({ b: 'incumbent', c: 'superseded' }, 2), budget);
    expect(shares(without)['b']).toBeCloseTo(2 / 3, 12);
    expect(shares(without)['c']).toBeCloseTo(1 / 3, 12);
    expect(without.arms).not.toHaveProperty('a');
    const capped = planOf({ b: ['incumbent', 0.5], c: 'superseded' }, 2);
    expect(shares(reconcileBandit(state, capped, budget))['b']).toBeCloseTo(0.5, 12);
  });

  it('gives the last arm a probability of at most 1, however the others add up', () => {
    const many = planOf({
      baseline: ['incumbent', 0.19750091273674555],
      arm0: ['canary', 0.0018924490288482634],
      arm1: ['superseded', 0.029100515986200375],
      arm2: 'superseded',
    });
    const last = reconcileBandit(startBandit(many), planOf({ baseline: ['incumbent', 0.05] }, 2), budget);
    expect(shares(last)['baseline']).toBeLessThanOrEqual(1);
    expect(shares(last)['baseline']).toBeCloseTo(1, 12);
  });

  it('rolls back to a variant that was no longer served', () => {
    const state = startBandit(planOf({ bad: 'incumbent', c: 'canary' }));
    const back = reconcileBandit(state, planOf({ c: 'canary', old: 'incumbent' }, 2), budget);
    expect(shares(back)['old']).toBeGreaterThan(0.98);
    expect(shares(back)['c']).toBeLessThanOrEqual(0.01);
  });

  it('changes no probability when an arm is promoted', () => {
    const state = played(planOf({ a: 'incumbent', b: 'canary' }), seen);
    const promoted = reconcileBandit(state, planOf({ a: 'superseded', b: 'incumbent' }, 2), budget);
    expect(shares(promoted)).toEqual(shares(state));
    expect(promoted.routing).toMatchObject({ planVersion: 2, incumbentId: 'b' });
  });

  it('holds a lowered cap at once', () => {
    const state = startBandit(planOf({ a: 'incumbent', b: 'superseded' }));
    const lowered = reconcileBandit(state, planOf({ a: 'incumbent', b: ['superseded', 0.1] }, 2), budget);
    expect(shares(lowered)).toEqual({ a: 0.9, b: 0.1 });
  });

  it('begins the KL limit anew for a new arm on trial, and only then', () => {
    const started = startBandit(planOf({ a: 'incumbent', b: 'canary' }));
    const state = { ...started, routing: { ...started.routing, klMax: 0.04 } };
    const promoted = reconcileBandit(state, planOf({ a: 'superseded', b: 'incumbent' }, 2), budget);
    expect(promoted.routing.klMax).toBe(0.04);
    const admitted = planOf({ a: 'superseded', b: 'incumbent', c: 'canary' }, 3);
    expect(reconcileBandit(promoted, admitted, budget).routing.klMax).toBe(0.005);
  });

  it('ignores a plan that is not newer', () => {
    const state = startBandit(planOf({ a: 'incumbent' }, 4));
    for (const version of [3, 4])
      expect(reconcileBandit(state, planOf({ a: 'incumbent', b: 'canary' }, version), budget)).toBe(state);
  });

  it('starts all sums anew for a changed baseline, so that old credits count for nothing', () => {
    const state = played(planOf({ baseline: 'incumbent', b: 'canary' }), seen);
    const changed = reconcileBandit(
      state,
      planOf({ baseline: 'incumbent' }, 2, { kind: 'baseline-changed' }),
      budget,
    );
    expect(changed).toMatchObject({ n: 0, gN: 1, gS: 0.5, feedbacks: 2 });
    expect(changed.arms).toEqual({ baseline: { L: 0, N: 0, S: 0, sel: 0, obs: 0 } });
    expect(shares(changed)).toEqual({ baseline: 1 });
    expect(Math.exp(changed.age - state.age)).toBeLessThan(1e-40);
  });

  it('keeps the sum, the caps and every arm served, from any plan to any other', () => {
    fc.assert(
      fc.property(
        planArbitrary,
        planArbitrary,
        fc.array(drawArbitrary, { maxLength: 60 }),
        (before, given, draws) => {
          const state = played(before, draws);
          const after = { ...given, version: 2 };
          const next = reconcileBandit(state, after, budget);
          expect(Object.keys(next.arms)).toEqual(after.arms.map(({ variantId }) => variantId));
          const total = Object.values(shares(next)).reduce((sum, share) => sum + share, 0);
          expect(total).toBeCloseTo(1, 12);
          for (const arm of after.arms) {
            const share = shares(next)[arm.variantId]!;
            expect(share).toBeGreaterThan(0);
            if (arm.variantId === after.incumbentId) continue;
            expect(share).toBeLessThanOrEqual(arm.cap + 1e-12);
            if (!isProven(arm, after))
              expect(share).toBeLessThanOrEqual((shares(state)[arm.variantId] ?? 0.01) + 1e-12);
          }
        },
      ),
    );
  });
});
