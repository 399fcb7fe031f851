import type { BanditState } from '../domain/bandit-state.ts';
import type { Observation } from '../store/bandit-fold.ts';
import { lossForecasts } from './forecast.ts';
import { noArmIncrement, type ArmIncrement, type BanditIncrement } from './merge.ts';
import type { Policy } from './policy.ts';

/** What one observation adds, and the weight ρ/(π + γ) that its loss was given. */
export interface ObservationIncrement {
  readonly increment: BanditIncrement;
  readonly weight: number;
}

/**
 * The doubly robust update for the loss ℓ = 1 − reward of arm a, served with propensity π however long ago:
 * every arm is charged its forecast f_i (`forecast.ts`), its own mean loss shrunk towards that of all, and arm a also (ρ/(π + γ))·(ℓ − f_a). Dudík, Langford & Li, "Doubly robust policy evaluation and learning", ICML 2011,
 * inside follow-the-regularised-leader; γ as in `Policy.rates`, at the `n` before this observation.
 *
 * `state` has this feedback's forgetting behind it already (`decayState`), except on a replica within an epoch.
 * The arm is one of the state's; `answerWeight` is ρ. Throws a RangeError for a propensity outside (0, 1] or a reward
 * outside [0, 1].
 */
export function observationIncrement(
  state: BanditState,
  observation: Observation,
  policy: Policy,
  answerWeight: number,
): ObservationIncrement {
  const { variantId, propensity } = observation;
  if (!(propensity > 0 && propensity <= 1))
    throw new RangeError(`propensity ${propensity} is outside (0, 1]`);
  const loss = lossOf(observation.reward);
  const ids = Object.keys(state.arms);
  const weight = answerWeight / (propensity + policy.rates(state.n, ids.length).implicitExploration);
  const forecasts = lossForecasts(state);
  const arms = Object.fromEntries(
    ids.map((id): [string, ArmIncrement] => {
      const forecast = forecasts[id] ?? 0;
      if (id !== variantId) return [id, { ...noArmIncrement, L: forecast }];
      const rewards = { count: 1, sum: observation.reward, squares: observation.reward ** 2 };
      return [id, { ...noArmIncrement, L: forecast + weight * (loss - forecast), N: 1, S: loss, rewards }];
    }),
  );
  return { increment: { arms, n: 1, gN: 1, gS: loss, feedbacks: 1 }, weight };
}

/** 1 − reward. Throws a RangeError outside [0, 1]. */
export function lossOf(reward: number): number {
  if (!(reward >= 0 && reward <= 1)) throw new RangeError(`reward ${reward} is outside [0, 1]`);
  return 1 - reward;
}
