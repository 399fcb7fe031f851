import type { ArmSums, BanditState } from '../domain/bandit-state.ts';
import type { BanditConfig } from '../domain/task.ts';

/** The forgetting window W in observed feedbacks: as configured, at least 2, else max(1000, 60·arms). */
export function windowOf(bandit: BanditConfig, arms: number): number {
  return Math.max(windowFeedbacksMin, bandit.windowFeedbacks ?? Math.max(1000, 60 * arms));
}

/** With a window of 1 nothing would be remembered and `age` would be infinite. */
const windowFeedbacksMin = 2;

/**
 * What is left of all sums after so many feedbacks of forgetting: each is multiplied by d = 1 − 1/W per feedback, and
 * `age` keeps the logarithm. Counts of closed windows and interval sums do not decay.
 *
 * Forgetting also bounds the sums: a feedback adds at most 1 + 5/π to a loss sum L, so |L| ≤ W(1 + 5/π) with π the
 * smallest share served. No constant needs subtracting, and L stays on the scale of `gS`, at which new arms enter.
 */
export function decayState(state: BanditState, window: number, feedbacks: number): BanditState {
  const logFactor = feedbacks * Math.log1p(-1 / window);
  const factor = Math.exp(logFactor);
  return {
    ...state,
    arms: Object.fromEntries(Object.entries(state.arms).map(([id, sums]) => [id, decayArm(sums, factor)])),
    n: state.n * factor,
    gN: state.gN * factor,
    gS: state.gS * factor,
    age: state.age + logFactor,
  };
}

function decayArm(sums: ArmSums, factor: number): ArmSums {
  return { ...sums, L: sums.L * factor, N: sums.N * factor, S: sums.S * factor };
}
