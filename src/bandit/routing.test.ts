import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BanditState } from '../domain/bandit-state.ts';
import { klDivergence, klStep } from '../stats/kl-step.ts';
import { armFloor, mixFloor } from './floor.ts';
import { drawArbitrary, planArbitrary, planOf, played, provenPlan, settingsOf } from './plans.case.ts';
import { isProven } from './proven.ts';
import { startBandit } from './reconcile.ts';
import { stepRouting } from './routing.ts';
import { tsallisPolicy } from './tsallis-policy.ts';

const losses = fc.array(fc.double({ min: -1e12, max: 1e12, noNaN: true }), { minLength: 12, maxLength: 12 });

/** A bandit under a plan with these losses and probabilities. */
function bandit(
  plan: ReturnType<typeof planOf>,
  given: readonly { readonly L: number; readonly share: number }[],
  n = 1000,
): BanditState {
  const state = startBandit(plan);
  const ids = plan.arms.map(({ variantId }) => variantId);
  return {
    ...state,
    n,
    gN: n + 1,
    gS: n / 2,
    arms: Object.fromEntries(ids.map((id, arm) => [id, { ...state.arms[id]!, L: given[arm]!.L }])),
    routing: {
      ...state.routing,
      probabilities: Object.fromEntries(ids.map((id, arm) => [id, given[arm]!.share])),
    },
  };
}

describe('stepRouting', () => {
  it('serves the policy with its floor where no arm is on trial', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), losses, (arms, L) => {
        const plan = provenPlan(arms);
        const state = bandit(
          plan,
          plan.arms.map((_, arm) => ({ L: L[arm]!, share: 1 / arms })),
        );
        const { probabilities } = stepRouting(state, settingsOf(plan));
        const expected = mixFloor(
          tsallisPolicy.probabilities(L.slice(0, arms), state.n),
          plan.arms.map(() => armFloor(1, arms, 0.1)),
          1,
        );
        Object.values(probabilities).forEach((share, arm) => expect(share).toBeCloseTo(expected[arm]!, 12));
      }),
    );
  });

  it('keeps floors, caps, the sum and the KL limit, whatever the plan and the losses', () => {
    fc.assert(
      fc.property(planArbitrary, fc.array(drawArbitrary, { maxLength: 60 }), losses, (plan, draws, L) => {
        const before = played(plan, draws);
        const state = {
          ...before,
          arms: Object.fromEntries(
            Object.entries(before.arms).map(([id, sums], arm) => [id, { ...sums, L: L[arm]! }]),
          ),
        };
        const { probabilities: old, klMax } = state.routing;
        const next = stepRouting(state, settingsOf(plan)).probabilities;
        expect(Object.values(next).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
        const gains: [number, number][] = [];
        for (const arm of plan.arms) {
          const [was, is] = [old[arm.variantId]!, next[arm.variantId]!];
          const floor = armFloor(arm.cap, plan.arms.length, 0.1);
          expect(is).toBeGreaterThanOrEqual((isProven(arm, plan) ? floor : Math.min(floor, was)) - 1e-12);
          if (arm.variantId !== plan.incumbentId) expect(is).toBeLessThanOrEqual(arm.cap + 1e-12);
          if (!isProven(arm, plan) && is > was + 1e-12) gains.push([was, is]);
        }
        const rest = (shares: readonly number[]): number[] => [
          ...shares,
          1 - shares.reduce((sum, share) => sum + share, 0),
        ];
        const spent = klDivergence(rest(gains.map(([, is]) => is)), rest(gains.map(([was]) => was)));
        expect(spent).toBeLessThanOrEqual(klMax + 1e-9);
      }),
    );
  });

  const trial = planOf({ baseline: 'superseded', best: 'incumbent', trial: 'canary' });

  it('advances an arm on trial by one KL step, and holds the rest back for the incumbent', () => {
    const state = bandit(trial, [
      { L: 500, share: 0.01 },
      { L: 300, share: 0.98 },
      { L: 100, share: 0.01 },
    ]);
    const { probabilities } = stepRouting(state, settingsOf(trial));
    const target = mixFloor(
      tsallisPolicy.probabilities([500, 300, 100], 1000),
      [0.02 / 3, 0.02 / 3, 0.02 / 3],
      1,
    )[2]!;
    const step = klStep([0.01, 0.99], [target, 1 - target], 0.005).probabilities[0]!;
    expect(probabilities['trial']).toBeCloseTo(step, 12);
    expect(probabilities['trial']).toBeLessThan(0.03);
    expect(probabilities['best']).toBeGreaterThan(0.95);
  });

  it('lets an arm on trial retreat to its target at once, to the benefit of the incumbent', () => {
    const state = bandit(trial, [
      { L: 500, share: 0.01 },
      { L: 100, share: 0.49 },
      { L: 400, share: 0.5 },
    ]);
    const { probabilities } = stepRouting(state, settingsOf(trial));
    expect(probabilities['trial']).toBeLessThan(0.01);
    expect(probabilities['best']).toBeGreaterThan(0.97);
  });

  it('lets traffic flee from a losing incumbent to a better proven arm at once', () => {
    const state = bandit(trial, [
      { L: 100, share: 0.01 },
      { L: 400, share: 0.98 },
      { L: 380, share: 0.01 },
    ]);
    const { probabilities } = stepRouting(state, settingsOf(trial));
    expect(probabilities['baseline']).toBeGreaterThan(0.97);
    expect(probabilities['trial']).toBeLessThan(0.01);
  });

  it('remembers when it was taken, and begins a new interval', () => {
    const plan = planOf({ baseline: 'incumbent', trial: 'canary' }, 3);
    const state = played(plan, [{ arm: 1, propensity: 0.01, reward: 1 }]);
    expect(stepRouting(state, settingsOf(plan, { nowMs: 77 }))).toMatchObject({
      planVersion: 3,
      incumbentId: 'baseline',
      atFeedback: 1,
      atMs: 77,
      interval: { sinceAge: state.age, arms: {} },
    });
  });

  it('obeys a lowered limit at once, and a raised one from the next step', () => {
    const plan = planOf({ baseline: 'incumbent', trial: 'canary' });
    const ahead = bandit(plan, [
      { L: 300, share: 0.9 },
      { L: 0, share: 0.1 },
    ]);
    const rewards = (candidate: number, incumbent: number): BanditState => ({
      ...ahead,
      routing: {
        ...ahead.routing,
        interval: {
          sinceAge: 0,
          arms: {
            baseline: { count: 40, sum: incumbent, squares: incumbent },
            trial: { count: 10, sum: candidate, squares: candidate },
          },
        },
      },
    });
    const spent = (state: BanditState): number => {
      const share = stepRouting(state, settingsOf(plan)).probabilities['trial']!;
      return klDivergence([share, 1 - share], [0.1, 0.9]);
    };
    expect(stepRouting(rewards(9, 28), settingsOf(plan)).klMax).toBeCloseTo(0.0075, 12);
    expect(spent(rewards(9, 28))).toBeCloseTo(0.005, 9);
    expect(stepRouting(rewards(1, 28), settingsOf(plan)).klMax).toBeCloseTo(0.0025, 12);
    expect(spent(rewards(1, 28))).toBeCloseTo(0.0025, 9);
  });
});
