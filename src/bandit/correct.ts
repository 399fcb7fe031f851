import type { BanditState, ObservationCredit } from '../domain/bandit-state.ts';
import { noArmIncrement, noIncrement, type BanditIncrement } from './merge.ts';
import { lossOf } from './observe.ts';

/**
 * What changes when an observed reward becomes another one: L_a += d^k·weight·(ℓ′ − ℓ), S_a and gS += d^k·(ℓ′ − ℓ),
 * with the weight ρ/(π + γ) of the original observation, and d^k what k feedbacks of forgetting have left of it.
 *
 * Right after the observation this equals having observed ℓ′ at once; later it leaves out only the small effect that
 * the first value had on forecasts in between. Interval sums follow while the observation belongs to the interval.
 * Throws a RangeError for a reward outside [0, 1].
 */
export function correctionIncrement(
  state: BanditState,
  correction: { readonly variantId: string; readonly reward: number; readonly credit: ObservationCredit },
): BanditIncrement {
  const { variantId, reward, credit } = correction;
  const change = lossOf(reward) - credit.loss;
  const remaining = Math.exp(state.age - credit.age);
  const before = 1 - credit.loss;
  const { sinceAge, arms } = state.routing.interval ?? { sinceAge: -Infinity, arms: {} };
  const isInInterval = credit.age < sinceAge && Object.hasOwn(arms, variantId);
  return {
    ...noIncrement,
    gS: remaining * change,
    arms: {
      [variantId]: {
        ...noArmIncrement,
        L: remaining * credit.weight * change,
        S: remaining * change,
        rewards: isInInterval
          ? { count: 0, sum: reward - before, squares: reward ** 2 - before ** 2 }
          : noArmIncrement.rewards,
      },
    },
  };
}
