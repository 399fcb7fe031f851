import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addIncrement,
  applyEpoch,
  mergeIncrements,
  noIncrement,
  type ArmIncrement,
  type BanditIncrement,
} from './merge.ts';
import { provenPlan } from './plans.case.ts';
import { startBandit } from './reconcile.ts';

// Multiples of 1/1024 add without rounding, so that order and grouping must agree to the last bit.
const value = (least: number): fc.Arbitrary<number> =>
  fc.integer({ min: least * 1024, max: 1024 * 1024 }).map((parts) => parts / 1024);
const losses = fc
  .tuple(value(0), value(0))
  .map(([one, other]) => [Math.min(one, other), Math.max(one, other)]);
const armIncrement: fc.Arbitrary<ArmIncrement> = fc
  .record({
    L: value(-1000),
    losses,
    sel: fc.nat(100),
    obs: fc.nat(100),
    rewards: fc.record({ count: fc.nat(50), sum: value(0), squares: value(0) }),
  })
  .map(({ losses: [S, N], ...others }) => ({ ...others, S: S!, N: N! }));
const increment: fc.Arbitrary<BanditIncrement> = fc
  .record({
    arms: fc.dictionary(fc.constantFrom('arm0', 'arm1', 'arm2', 'gone', 'constructor'), armIncrement),
    n: value(0),
    losses,
    feedbacks: fc.nat(100),
  })
  .map(({ losses: [gS, gN], ...others }) => ({ ...others, gS: gS!, gN: gN! }));

describe('mergeIncrements', () => {
  it('is commutative and associative, with nothing as its neutral element', () => {
    fc.assert(
      fc.property(increment, increment, increment, (one, two, three) => {
        expect(mergeIncrements(one, two)).toEqual(mergeIncrements(two, one));
        expect(mergeIncrements(mergeIncrements(one, two), three)).toEqual(
          mergeIncrements(one, mergeIncrements(two, three)),
        );
        expect(mergeIncrements(one, noIncrement)).toEqual(one);
      }),
    );
  });

  it('adds up to the same state in one step as in several', () => {
    fc.assert(
      fc.property(increment, increment, (one, two) => {
        const state = startBandit(provenPlan(3));
        const inOne = addIncrement(state, mergeIncrements(one, two));
        expect(addIncrement(addIncrement(state, one), two)).toEqual(inOne);
      }),
    );
  });
});

describe('applyEpoch', () => {
  it('forgets once for every feedback of all replicas, then adds', () => {
    const state = addIncrement(startBandit(provenPlan(2)), { ...noIncrement, n: 8, gN: 8, gS: 2 });
    const merged = applyEpoch(state, { ...noIncrement, n: 3, gN: 3, gS: 1, feedbacks: 3 }, 100);
    expect(merged.n).toBeCloseTo(8 * 0.99 ** 3 + 3, 12);
    expect(merged.gS).toBeCloseTo(2.5 * 0.99 ** 3 + 1, 12);
    expect(merged.age).toBeCloseTo(3 * Math.log(0.99), 12);
    expect(merged.feedbacks).toBe(3);
  });
});

describe('addIncrement', () => {
  const state = startBandit(provenPlan(2));

  it('ignores arms that the state does not have', () => {
    const gone = { L: 1, N: 1, S: 1, sel: 1, obs: 1, rewards: { count: 1, sum: 0, squares: 0 } };
    expect(addIncrement(state, { ...noIncrement, arms: { gone } })).toEqual(state);
  });

  it('keeps sums of losses between none and one a feedback', () => {
    const arm0 = { L: 0, N: 0, S: -1, sel: 0, obs: 0, rewards: { count: 0, sum: 0, squares: 0 } };
    const changed = addIncrement(state, { ...noIncrement, gS: -9, arms: { arm0 } });
    expect(changed.arms['arm0']?.S).toBe(0);
    expect(changed.gS).toBe(0);
  });
});
