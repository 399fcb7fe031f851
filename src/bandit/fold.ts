import type { BanditState } from '../domain/bandit-state.ts';
import type { BanditFold, ClosedWindow, FoldSettings, Observation } from '../store/bandit-fold.ts';
import { assertBanditState } from '../domain/assert-bandit-state.ts';
import { correctionIncrement } from './correct.ts';
import { decayState, windowOf } from './decay.ts';
import { addIncrement, mergeIncrements, noArmIncrement, noIncrement, type BanditIncrement } from './merge.ts';
import { likenessOf } from './likeness.ts';
import { answerWeight } from './missing-feedback.ts';
import { observationIncrement } from './observe.ts';
import { policies } from './policies.ts';
import { reconcileBandit, startBandit } from './reconcile.ts';
import { stepFeedbacks, stepIntervalMs, stepRouting } from './routing.ts';

/**
 * The bandit as the store sees it. A function that has nothing to do returns the very state it was given. Each one
 * throws a RangeError for a state or an argument outside its invariants: that is a bug, never an outcome.
 */
export const banditFold: BanditFold = {
  start: (plan) => assertBanditState(startBandit(plan)),

  observe: (state, observation, settings) => {
    assertBanditState(state);
    if (!Object.hasOwn(state.arms, observation.variantId)) return { state, credit: null };
    const { observed, weight } = observe(state, observation, settings);
    return {
      state: assertBanditState(withDueStep(observed, settings)),
      credit: {
        propensity: observation.propensity,
        weight,
        loss: 1 - observation.reward,
        age: observed.age,
      },
    };
  },

  correct: (state, correction) => {
    assertBanditState(state);
    const { variantId, reward, credit } = correction;
    if (!Object.hasOwn(state.arms, variantId)) return { state, credit: null };
    const increment = correctionIncrement(state, correction);
    return {
      state: assertBanditState(addIncrement(state, increment)),
      // Age and weight stay those of the observation, so that a later correction starts from it again.
      credit: { ...credit, loss: 1 - reward },
    };
  },

  reconcile: (state, plan, { bandit, budget, variants }) => {
    assertBanditState(state);
    const next = reconcileBandit(state, plan, budget);
    if (next === state) return state;
    const isLike = bandit.prior === 'expo' && variants !== undefined;
    const known = withoutLikeness(next);
    return assertBanditState(isLike ? { ...known, likeness: likenessOf(variants) } : known);
  },

  closeWindows: (state, closed) => {
    assertBanditState(state);
    const known = closed.filter(({ variantId }) => Object.hasOwn(state.arms, variantId));
    if (known.length === 0) return state;
    return assertBanditState(addIncrement(state, known.map(windowIncrement).reduce(mergeIncrements)));
  },

  tick: (state, settings) => {
    assertBanditState(state);
    // A last step that lies as far ahead was noted by a clock that has been set back since.
    const isDue = Math.abs(settings.nowMs - state.routing.atMs) >= stepIntervalMs;
    return isDue ? assertBanditState(withStep(state, settings)) : state;
  },
};

function observe(
  state: BanditState,
  observation: Observation,
  { bandit }: FoldSettings,
): { readonly observed: BanditState; readonly weight: number } {
  const decayed = decayState(state, windowOf(bandit, Object.keys(state.arms).length), 1);
  const { increment, weight } = observationIncrement(
    bandit.prior === 'expo' ? decayed : withoutLikeness(decayed),
    observation,
    policies[bandit.policy],
    answerWeight(decayed.arms, observation.variantId),
  );
  return { observed: addIncrement(decayed, increment), weight };
}

function withoutLikeness({ likeness: _likeness, ...state }: BanditState): BanditState {
  return state;
}

function withDueStep(state: BanditState, settings: FoldSettings): BanditState {
  return state.feedbacks - state.routing.atFeedback >= stepFeedbacks ? withStep(state, settings) : state;
}

/** A step waits while the caller's plan is not the one that the arms were reconciled with. */
function withStep(state: BanditState, settings: FoldSettings): BanditState {
  if (settings.plan.version !== state.routing.planVersion) return state;
  return { ...state, routing: stepRouting(state, settings) };
}

function windowIncrement({ variantId, selected, observed }: ClosedWindow): BanditIncrement {
  if (!(observed >= 0 && observed <= selected && selected < Infinity))
    throw new RangeError(`${observed} answers of ${selected} decisions`);
  return { ...noIncrement, arms: { [variantId]: { ...noArmIncrement, sel: selected, obs: observed } } };
}
