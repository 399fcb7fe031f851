import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BanditState } from '../domain/bandit-state.ts';
import { defaultTaskConfig } from '../domain/task.ts';
import { assertBanditState } from '../domain/assert-bandit-state.ts';
import { banditFold } from './fold.ts';
import {
  drawArbitrary,
  drawOf,
  planArbitrary,
  planOf,
  played,
  provenPlan,
  settingsOf,
} from './plans.case.ts';

const dayMs = 86_400_000;

describe('banditFold.observe', () => {
  const plan = provenPlan(2);
  const settings = settingsOf(plan);
  const observed = drawOf(plan, { arm: 1, propensity: 0.5, reward: 1 });

  it('leaves the state as it is for an arm that is not in it', () => {
    const state = banditFold.start(plan);
    for (const variantId of ['gone', 'constructor'])
      expect(banditFold.observe(state, { ...observed, variantId }, settings)).toEqual({
        state,
        credit: null,
      });
    expect(banditFold.observe(state, { ...observed, variantId: 'gone' }, settings).state).toBe(state);
  });

  it('gives the credit by which a later value can correct it', () => {
    const { state, credit } = banditFold.observe(banditFold.start(plan), observed, settings);
    expect(credit).toEqual({ propensity: 0.5, weight: 1 / 0.55, loss: 0, age: state.age });
    expect(state.age).toBeCloseTo(Math.log(0.999), 12);
  });

  it('steps at every 50th feedback and at no other', () => {
    let state = banditFold.start(plan);
    for (let feedback = 1; feedback <= 120; feedback++) {
      const before = state.routing;
      state = banditFold.observe(state, observed, settingsOf(plan, { nowMs: feedback })).state;
      if (feedback % 50 === 0) {
        expect(state.routing).toMatchObject({ atFeedback: feedback, atMs: feedback });
        expect(state.routing.probabilities).not.toEqual(before.probabilities);
        expect(state.routing.probabilities['arm1']).toBeGreaterThan(0.7);
      } else expect(state.routing.probabilities).toBe(before.probabilities);
    }
  });

  it('weights by the answer rates of closed windows', () => {
    const state = banditFold.closeWindows(banditFold.start(plan), [
      { variantId: 'arm0', selected: 100, observed: 75 },
      { variantId: 'arm1', selected: 60, observed: 15 },
      { variantId: 'arm1', selected: 40, observed: 10 },
    ]);
    const { credit } = banditFold.observe(state, observed, settings);
    expect(credit?.weight).toBeCloseTo(0.5 / (27.5 / 105) / 0.55, 12);
  });

  it('waits with a step for the plan that its arms belong to', () => {
    const almost = played(
      plan,
      Array.from({ length: 49 }, () => observed),
    );
    const stale = settingsOf({ ...plan, version: 2 });
    const { state } = banditFold.observe(almost, observed, stale);
    expect(state.routing.atFeedback).toBe(0);
    expect(banditFold.observe(state, observed, settings).state.routing.atFeedback).toBe(51);
  });

  it('follows the policy that is configured', () => {
    const fifty = Array.from({ length: 50 }, () => observed);
    const shannon = played(plan, fifty, settingsOf(plan, { bandit: { policy: 'shannon' } }));
    expect(shannon.routing.probabilities).not.toEqual(played(plan, fifty).routing.probabilities);
  });
});

describe('banditFold.correct', () => {
  it('ignores an arm that has been removed', () => {
    const before = planOf({ a: 'incumbent', b: 'canary' });
    const observed = { variantId: 'b', propensity: 0.01, reward: 1 };
    const first = banditFold.observe(banditFold.start(before), observed, settingsOf(before));
    const after = planOf({ a: 'incumbent' }, 2);
    const state = banditFold.reconcile(first.state, after, settingsOf(after));
    const corrected = banditFold.correct(state, { ...observed, reward: 0, credit: first.credit! });
    expect(corrected).toEqual({ state, credit: null });
    expect(corrected.state).toBe(state);
  });
});

describe('banditFold.closeWindows', () => {
  it('changes nothing for arms that are gone, and refuses more answers than decisions', () => {
    const state = banditFold.start(provenPlan(2));
    expect(banditFold.closeWindows(state, [{ variantId: 'gone', selected: 1, observed: 1 }])).toBe(state);
    expect(banditFold.closeWindows(state, [])).toBe(state);
    expect(() => banditFold.closeWindows(state, [{ variantId: 'arm0', selected: 1, observed: 2 }])).toThrow(
      RangeError,
    );
  });
});

describe('banditFold.tick', () => {
  it('steps after 24 h, and not before', () => {
    const plan = planOf({ a: 'incumbent', b: 'canary' });
    const state = banditFold.start(plan);
    expect(banditFold.tick(state, settingsOf(plan, { nowMs: dayMs - 1 }))).toBe(state);
    const stepped = banditFold.tick(state, settingsOf(plan, { nowMs: dayMs }));
    expect(stepped.routing.atMs).toBe(dayMs);
    expect(stepped.routing.probabilities['b']).toBeGreaterThan(0.01);
    expect(stepped.routing.probabilities['b']).toBeLessThan(0.03);
    expect(banditFold.tick(stepped, settingsOf(plan, { nowMs: 2 * dayMs - 1 }))).toBe(stepped);
  });

  it('does not wait until a clock that was set back by years has caught up', () => {
    const plan = planOf({ a: 'incumbent', b: 'canary' });
    const ahead = banditFold.tick(banditFold.start(plan), settingsOf(plan, { nowMs: 9000 * dayMs }));
    expect(banditFold.tick(ahead, settingsOf(plan, { nowMs: 9000 * dayMs - 1000 }))).toBe(ahead);
    expect(banditFold.tick(ahead, settingsOf(plan, { nowMs: 5 * dayMs })).routing.atMs).toBe(5 * dayMs);
  });
});

/** Anything a store may do, in any order. */
type Operation =
  | { readonly kind: 'observe'; readonly draw: Parameters<typeof drawOf>[1]; readonly later: number | null }
  | { readonly kind: 'close'; readonly arm: number; readonly selected: number; readonly observed: number }
  | { readonly kind: 'plan'; readonly plan: ReturnType<typeof planOf> }
  | { readonly kind: 'tick'; readonly hours: number };

const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('observe' as const),
      draw: drawArbitrary,
      later: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    }),
  },
  fc
    .record({
      kind: fc.constant('close' as const),
      arm: fc.nat(11),
      selected: fc.nat(40),
      observed: fc.nat(40),
    })
    .map((given) => ({ ...given, observed: Math.min(given.selected, given.observed) })),
  fc.record({ kind: fc.constant('plan' as const), plan: planArbitrary }),
  fc.record({ kind: fc.constant('tick' as const), hours: fc.nat(30) }),
);

function play(operations: readonly Operation[], policy: 'tsallis' | 'shannon', between = same): BanditState {
  let plan = planOf({ baseline: 'incumbent' });
  let nowMs = 0;
  let state = banditFold.start(plan);
  for (const given of operations) {
    state = between(state);
    const settings = settingsOf(plan, { nowMs, bandit: { ...defaultTaskConfig.bandit, policy } });
    switch (given.kind) {
      case 'observe': {
        const first = banditFold.observe(state, drawOf(plan, given.draw), settings);
        state = first.state;
        if (given.later !== null && first.credit !== null)
          state = banditFold.correct(state, {
            ...drawOf(plan, { ...given.draw, reward: given.later }),
            credit: first.credit,
          }).state;
        break;
      }
      case 'close': {
        const { variantId } = drawOf(plan, { arm: given.arm, propensity: 1, reward: 0 });
        state = banditFold.closeWindows(state, [{ ...given, variantId }]);
        break;
      }
      case 'plan':
        plan = { ...given.plan, version: plan.version + 1 };
        state = banditFold.reconcile(state, plan, settings);
        break;
      case 'tick':
        nowMs += given.hours * 3_600_000;
        state = banditFold.tick(state, { ...settings, nowMs });
        break;
    }
  }
  return state;
}

const same = (state: BanditState): BanditState => state;

describe('banditFold', () => {
  it.each(['tsallis', 'shannon'] as const)('keeps its invariants in any order of events: %s', (policy) => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 150 }), (operations) => {
        expect(() => assertBanditState(play(operations, policy))).not.toThrow();
      }),
      { numRuns: 60 },
    );
  });

  it('goes through JSON at any moment without a difference', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 100 }), (operations) => {
        const state = play(operations, 'tsallis');
        expect(JSON.parse(JSON.stringify(state))).toEqual(state);
        const stored = play(
          operations,
          'tsallis',
          (given) => JSON.parse(JSON.stringify(given)) as BanditState,
        );
        expect(stored).toEqual(state);
      }),
      { numRuns: 60 },
    );
  });

  it('refuses a state that broke its invariants', () => {
    const plan = provenPlan(2);
    const state = banditFold.start(plan);
    const broken = { ...state, routing: { ...state.routing, probabilities: { arm0: 0.7, arm1: 0.7 } } };
    const settings = settingsOf(plan);
    const observed = { variantId: 'arm0', propensity: 0.5, reward: 1 };
    const credit = { propensity: 0.5, weight: 1, loss: 0, age: 0 };
    for (const act of [
      () => banditFold.observe(broken, observed, settings),
      () => banditFold.correct(broken, { ...observed, credit }),
      () => banditFold.reconcile(broken, plan, settings),
      () => banditFold.closeWindows(broken, []),
      () => banditFold.tick(broken, settings),
    ])
      expect(act).toThrow(RangeError);
  });
});
