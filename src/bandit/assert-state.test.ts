import { describe, expect, it } from 'vitest';
import type { ArmSums, BanditState, Routing } from '../domain/bandit-state.ts';
import { assertBanditState } from '../domain/assert-bandit-state.ts';
import { provenPlan } from './plans.case.ts';
import { startBandit } from './reconcile.ts';

const good = startBandit(provenPlan(2));
const withArm = (change: Partial<ArmSums>): BanditState => ({
  ...good,
  arms: { ...good.arms, arm0: { ...good.arms['arm0']!, ...change } },
});
const withRouting = (change: Partial<Routing>): BanditState => ({
  ...good,
  routing: { ...good.routing, ...change },
});

describe('assertBanditState', () => {
  it('gives a sound state back', () => {
    expect(assertBanditState(good)).toBe(good);
  });

  it.each([
    ['a loss that is no number', withArm({ L: Number.NaN })],
    ['a negative count', withArm({ N: -1 })],
    ['more losses than observations', withArm({ N: 1, S: 1.5 })],
    ['more answers than decisions', withArm({ sel: 1, obs: 2 })],
    ['an endless count', { ...good, n: Infinity }],
    ['more losses than observations overall', { ...good, gS: 2 }],
    ['an age above 0', { ...good, age: 1 }],
    ['half a feedback', { ...good, feedbacks: 0.5 }],
    ['probabilities that miss 1', withRouting({ probabilities: { arm0: 0.5, arm1: 0.5 + 2e-9 } })],
    ['an arm that is not served', withRouting({ probabilities: { arm0: 1, arm1: 0 } })],
    ['a probability of no arm', withRouting({ probabilities: { arm0: 0.5, other: 0.5 } })],
    ['an arm without probability', withRouting({ probabilities: { arm0: 1 } })],
    ['an incumbent that is no arm', withRouting({ incumbentId: 'other' })],
    ['no KL limit', withRouting({ klMax: 0 })],
  ])('refuses %s', (_, state) => {
    expect(() => assertBanditState(state)).toThrow(RangeError);
  });
});
