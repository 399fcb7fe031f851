import type { ArmSums, BanditState, RewardSums, RoutingInterval } from '../domain/bandit-state.ts';
import { decayState } from './decay.ts';

/**
 * What feedback adds to a bandit. Increments are sums: those of several replicas merge in any order and grouping, and
 * a state takes them all at once. Counting each feedback once is the store's matter.
 */
export interface BanditIncrement {
  /** By variant id; arms that the state does not have are ignored when it is applied. */
  readonly arms: Readonly<Record<string, ArmIncrement>>;
  readonly n: number;
  readonly gN: number;
  readonly gS: number;
  /** New observations in it; corrections and closed windows are none. */
  readonly feedbacks: number;
}

/** What an arm's sums and its interval sums gain. */
export interface ArmIncrement extends ArmSums {
  readonly rewards: RewardSums;
}

/** The increment that changes nothing. */
export const noIncrement: BanditIncrement = { arms: {}, n: 0, gN: 0, gS: 0, feedbacks: 0 };

/** The arm increment that changes nothing. */
export const noArmIncrement: ArmIncrement = {
  L: 0,
  N: 0,
  S: 0,
  sel: 0,
  obs: 0,
  rewards: { count: 0, sum: 0, squares: 0 },
};

/** Sum of two increments. Commutative; associative up to rounding. */
export function mergeIncrements(one: BanditIncrement, other: BanditIncrement): BanditIncrement {
  const arms: Record<string, ArmIncrement> = { ...one.arms };
  for (const [id, added] of Object.entries(other.arms)) {
    const sums = Object.hasOwn(arms, id) ? arms[id] : undefined;
    arms[id] =
      sums === undefined
        ? added
        : { ...addArm(sums, added), rewards: addRewards(sums.rewards, added.rewards) };
  }
  return {
    arms,
    n: one.n + other.n,
    gN: one.gN + other.gN,
    gS: one.gS + other.gS,
    feedbacks: one.feedbacks + other.feedbacks,
  };
}

/**
 * A state after an epoch of replicas: d^m·state + Σ increments, with m the feedbacks of all replicas in the epoch.
 * Within an epoch each replica adds to its own copy without forgetting (`addIncrement`). As long as m stays below about
 * a tenth of the window W, regret is that of a single learner.
 */
export function applyEpoch(state: BanditState, increment: BanditIncrement, window: number): BanditState {
  return addIncrement(decayState(state, window, increment.feedbacks), increment);
}

/** A state plus an increment, without forgetting. */
export function addIncrement(state: BanditState, increment: BanditIncrement): BanditState {
  const arms = Object.fromEntries(
    Object.entries(state.arms).map(([id, sums]) => {
      const added = Object.hasOwn(increment.arms, id) ? increment.arms[id] : undefined;
      return [id, added === undefined ? sums : bounded(addArm(sums, added))];
    }),
  );
  const gN = state.gN + increment.gN;
  return {
    ...state,
    arms,
    n: state.n + increment.n,
    gN,
    gS: clamp(state.gS + increment.gS, gN),
    feedbacks: state.feedbacks + increment.feedbacks,
    routing: { ...state.routing, interval: addToInterval(state, increment) },
  };
}

function addArm(sums: ArmSums, added: ArmSums): ArmSums {
  return {
    L: sums.L + added.L,
    N: sums.N + added.N,
    S: sums.S + added.S,
    sel: sums.sel + added.sel,
    obs: sums.obs + added.obs,
  };
}

/**
 * Losses lie in [0, 1], so their sum lies in [0, N]. Rounding may miss that by a hair, and so may the correction of an
 * observation that was made before its arm left and came back.
 */
function bounded(sums: ArmSums): ArmSums {
  return { ...sums, S: clamp(sums.S, sums.N) };
}

function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}

function addRewards(sums: RewardSums, added: RewardSums): RewardSums {
  return {
    count: sums.count + added.count,
    sum: sums.sum + added.sum,
    squares: sums.squares + added.squares,
  };
}

function addToInterval(state: BanditState, increment: BanditIncrement): RoutingInterval {
  const interval = state.routing.interval ?? { sinceAge: state.age, arms: {} };
  const arms: Record<string, RewardSums> = { ...interval.arms };
  for (const [id, { rewards }] of Object.entries(increment.arms)) {
    const isEmpty = rewards.count === 0 && rewards.sum === 0 && rewards.squares === 0;
    if (isEmpty || !Object.hasOwn(state.arms, id)) continue;
    arms[id] = addRewards(arms[id] ?? noArmIncrement.rewards, rewards);
  }
  return { ...interval, arms };
}
