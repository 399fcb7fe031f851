import { describe, expect, it } from 'vitest';
import { decayState, windowOf } from './decay.ts';
import { played, provenPlan } from './plans.case.ts';

describe('windowOf', () => {
  it.each([
    [null, 1, 1000],
    [null, 16, 1000],
    [null, 64, 3840],
    [250, 64, 250],
    [1, 2, 2],
  ])('configured %s with %d arms is %d', (windowFeedbacks, arms, expected) => {
    expect(windowOf({ policy: 'tsallis', windowFeedbacks }, arms)).toBe(expected);
  });
});

describe('decayState', () => {
  const state = played(provenPlan(2), [
    { arm: 0, propensity: 0.5, reward: 0.2 },
    { arm: 1, propensity: 0.5, reward: 0.9 },
  ]);

  it('multiplies every sum by d per feedback, and keeps counts', () => {
    const decayed = decayState({ ...state, arms: { ...state.arms } }, 100, 3);
    const d = 0.99 ** 3;
    expect(decayed.n).toBeCloseTo(state.n * d, 12);
    expect(decayed.gN).toBeCloseTo(state.gN * d, 12);
    expect(decayed.gS).toBeCloseTo(state.gS * d, 12);
    expect(decayed.age).toBeCloseTo(state.age + 3 * Math.log(0.99), 12);
    for (const [id, { L, N, S, sel, obs }] of Object.entries(state.arms)) {
      expect(decayed.arms[id]?.L).toBeCloseTo(L * d, 12);
      expect(decayed.arms[id]?.N).toBeCloseTo(N * d, 12);
      expect(decayed.arms[id]?.S).toBeCloseTo(S * d, 12);
      expect(decayed.arms[id]).toMatchObject({ sel, obs });
    }
    expect(decayed.feedbacks).toBe(state.feedbacks);
    expect(decayed.routing).toEqual(state.routing);
  });

  it('keeps the loss sums bounded however long it runs', () => {
    const plan = provenPlan(2);
    const worst = { arm: 0, propensity: 0.01, reward: 0 };
    const bound = 1000 * (1 + 5 / 0.01);
    const { arms } = played(
      plan,
      Array.from({ length: 5_000 }, () => worst),
    );
    for (const { L } of Object.values(arms)) expect(Math.abs(L)).toBeLessThan(bound);
  });
});
