// The functions under test are those of correct.ts, reached as the store reaches them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BanditState } from '../domain/bandit-state.ts';
import { banditFold } from './fold.ts';
import { drawArbitrary, drawOf, played, provenPlan, settingsOf } from './plans.case.ts';

const plan = provenPlan(3);
const settings = settingsOf(plan);
const reward = fc.double({ min: 0, max: 1, noNaN: true });

function expectSameSums(found: BanditState, expected: BanditState): void {
  const sums = (state: BanditState): readonly number[] => [
    state.n,
    state.gN,
    state.gS,
    state.age,
    state.feedbacks,
    ...Object.values(state.arms).flatMap(({ L, N, S }) => [L, N, S]),
    ...Object.values(state.routing.interval?.arms ?? {}).flatMap(({ count, sum, squares }) => [
      count,
      sum,
      squares,
    ]),
  ];
  expect(sums(found)).toHaveLength(sums(expected).length);
  sums(found).forEach((value, index) => expect(value).toBeCloseTo(sums(expected)[index]!, 8));
}

describe('a correction', () => {
  it('that follows at once equals having observed the corrected value in the first place', () => {
    fc.assert(
      fc.property(
        fc.array(drawArbitrary, { maxLength: 40 }),
        drawArbitrary,
        reward,
        (before, draw, later) => {
          const state = played(plan, before);
          const first = banditFold.observe(state, drawOf(plan, draw), settings);
          const corrected = banditFold.correct(first.state, {
            ...drawOf(plan, { ...draw, reward: later }),
            credit: first.credit!,
          });
          const direct = banditFold.observe(state, drawOf(plan, { ...draw, reward: later }), settings);
          expectSameSums(corrected.state, direct.state);
          expect(corrected.credit?.loss).toBeCloseTo(direct.credit!.loss, 12);
          expect(corrected.credit?.weight).toBe(direct.credit?.weight);
          expect(corrected.credit?.age).toBe(direct.credit?.age);
        },
      ),
    );
  });

  it('that comes k feedbacks later adds d^k of the change, with the original weight', () => {
    fc.assert(
      fc.property(
        drawArbitrary,
        fc.array(drawArbitrary, { maxLength: 120 }),
        reward,
        (draw, between, later) => {
          const observed = drawOf(plan, draw);
          const first = banditFold.observe(banditFold.start(plan), observed, settings);
          const state = between.reduce(
            (current, next) => banditFold.observe(current, drawOf(plan, next), settings).state,
            first.state,
          );
          const corrected = banditFold.correct(state, { ...observed, reward: later, credit: first.credit! });
          const left = (1 - 1 / 1000) ** between.length * (draw.reward - later);
          const [old, now] = [state, corrected.state].map(({ arms }) => arms[observed.variantId]!);
          expect(now!.L - old!.L).toBeCloseTo(left * first.credit!.weight, 8);
          expect(now!.S - old!.S).toBeCloseTo(left, 8);
          expect(corrected.state.gS - state.gS).toBeCloseTo(left, 8);
          expect(corrected.state.n).toBe(state.n);
          expect(now!.N).toBe(old!.N);
          expect(corrected.state.feedbacks).toBe(state.feedbacks);
          expect(corrected.state.routing.probabilities).toEqual(state.routing.probabilities);
        },
      ),
    );
  });

  it('of a correction ends where a single one would have', () => {
    fc.assert(
      fc.property(
        drawArbitrary,
        fc.array(drawArbitrary, { maxLength: 60 }),
        reward,
        reward,
        (draw, more, one, two) => {
          const observed = drawOf(plan, draw);
          const first = banditFold.observe(banditFold.start(plan), observed, settings);
          const state = more.reduce(
            (current, next) => banditFold.observe(current, drawOf(plan, next), settings).state,
            first.state,
          );
          const correct = (
            from: BanditState,
            value: number,
            credit = first.credit!,
          ): ReturnType<typeof banditFold.correct> =>
            banditFold.correct(from, { ...observed, reward: value, credit });
          const once = correct(state, one);
          expectSameSums(correct(once.state, two, once.credit!).state, correct(state, two).state);
        },
      ),
    );
  });

  it('moves the interval only while the observation belongs to it', () => {
    const observed = drawOf(plan, { arm: 0, propensity: 0.5, reward: 1 });
    const first = banditFold.observe(banditFold.start(plan), observed, settings);
    const within = banditFold.correct(first.state, { ...observed, reward: 0.5, credit: first.credit! });
    expect(within.state.routing.interval?.arms).toEqual({ arm0: { count: 1, sum: 0.5, squares: 0.25 } });
    let state = first.state;
    for (let feedback = 1; feedback < 50; feedback++)
      state = banditFold.observe(state, observed, settings).state;
    expect(state.routing.interval?.arms).toEqual({});
    const next = banditFold.observe(state, observed, settings).state;
    const after = banditFold.correct(next, { ...observed, reward: 0.5, credit: first.credit! });
    expect(after.state.routing.interval?.arms).toEqual({ arm0: { count: 1, sum: 1, squares: 1 } });
  });

  it('refuses a reward outside [0, 1]', () => {
    const observed = drawOf(plan, { arm: 0, propensity: 0.5, reward: 1 });
    const { state, credit } = banditFold.observe(banditFold.start(plan), observed, settings);
    expect(() => banditFold.correct(state, { ...observed, reward: 2, credit: credit! })).toThrow(RangeError);
  });
});
