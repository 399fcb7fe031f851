import type { ArmSums, BanditState } from '../domain/bandit-state.ts';
import type { ServingPlan } from '../domain/plan.ts';
import type { BanditFold } from './bandit-fold.ts';

const dayMs = 86_400_000;

/**
 * A bandit that only counts: N observations and S of their rewards per arm, sel and obs as told. Every fourth feedback
 * changes the probabilities, as does a tick a day after the last change. Its sums show whether something was counted
 * once, twice or never.
 */
export const fakeFold: BanditFold = {
  start: (plan) => reconcile(undefined, plan),
  observe: (state, { variantId, propensity, reward }) => {
    const arm = state.arms[variantId];
    if (arm === undefined) return { state, credit: null };
    const counted = withArm(state, variantId, { ...arm, N: arm.N + 1, S: within(arm.N + 1, arm.S + reward) });
    const feedbacks = state.feedbacks + 1;
    const next = { ...counted, feedbacks, gN: state.gN + 1, gS: within(state.gN + 1, state.gS + 1 - reward) };
    const credit = { propensity, weight: 1 / propensity, loss: 1 - reward, age: 0 };
    return { state: feedbacks % 4 === 0 ? withStep(next, next.routing.atMs) : next, credit };
  },
  correct: (state, { variantId, reward, credit }) => {
    const arm = state.arms[variantId];
    if (arm === undefined) return { state, credit: null };
    const change = reward - (1 - credit.loss);
    const corrected = withArm(state, variantId, { ...arm, S: within(arm.N, arm.S + change) });
    return {
      state: { ...corrected, gS: within(state.gN, state.gS - change) },
      credit: { ...credit, loss: 1 - reward },
    };
  },
  reconcile: (state, plan) => reconcile(state, plan),
  closeWindows: (state, closed) =>
    closed.reduce((sums, { variantId, selected, observed }) => {
      const arm = sums.arms[variantId];
      if (arm === undefined) return sums;
      return withArm(sums, variantId, { ...arm, sel: arm.sel + selected, obs: arm.obs + observed });
    }, state),
  tick: (state, { nowMs }) => (nowMs - state.routing.atMs < dayMs ? state : withStep(state, nowMs)),
};

/** A sum of so many losses or rewards: rounding may have carried it beyond its limits by a trifle. */
function within(count: number, sum: number): number {
  return Math.min(count, Math.max(0, sum));
}

function withArm(state: BanditState, variantId: string, arm: ArmSums): BanditState {
  return { ...state, arms: { ...state.arms, [variantId]: arm } };
}

function withStep(state: BanditState, atMs: number): BanditState {
  const ids = Object.keys(state.arms);
  const step = state.routing.atFeedback + 1;
  const probabilities = Object.fromEntries(
    ids.map((id, index) => [
      id,
      index === 0 ? 1 - (ids.length - 1) * (step % 2 === 0 ? 0.3 : 0.2) : step % 2 === 0 ? 0.3 : 0.2,
    ]),
  );
  return { ...state, routing: { ...state.routing, probabilities, atFeedback: step, atMs } };
}

function reconcile(state: BanditState | undefined, plan: ServingPlan): BanditState {
  const ids = plan.arms.map(({ variantId }) => variantId);
  const fresh = { L: 0, N: 0, S: 0, sel: 0, obs: 0 };
  return {
    version: 1,
    arms: Object.fromEntries(ids.map((id) => [id, state?.arms[id] ?? fresh])),
    n: 0,
    gN: state?.gN ?? 1,
    gS: state?.gS ?? 0.5,
    age: 0,
    feedbacks: state?.feedbacks ?? 0,
    routing: {
      planVersion: plan.version,
      incumbentId: plan.incumbentId,
      probabilities: Object.fromEntries(ids.map((id) => [id, 1 / ids.length])),
      klMax: 0.005,
      atFeedback: 0,
      atMs: plan.atMs,
    },
  };
}
