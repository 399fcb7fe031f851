import type { ArmSums, BanditState } from '../domain/bandit-state.ts';
import { fitKernelRidge } from '../stats/ridge.ts';

/** Observations that the mean of all arms counts for, and those that the regression counts for. */
const meanBelief = 5;
const expoBelief = 10;

/** λ of the regression. */
const penalty = 1;

/**
 * The loss that each arm is expected to have, by variant id: f_i = (S_i + 5·gS/gN)/(N_i + 5). Where the state has the
 * likeness of its arms, f_i = (S_i + 10·ridge_i)/(N_i + 10), with ridge_i in [0, 1] what a ridge regression of the arms' mean
 * losses S/N, weighted by N, says of arm i: EXPO's score estimator as the forecast of a doubly robust update. Whatever a
 * forecast says, the update stays unbiased; a better one has less variance.
 */
export function lossForecasts(state: BanditState): Readonly<Record<string, number>> {
  const { likeness, gS, gN } = state;
  const arms = Object.entries(state.arms);
  if (likeness === undefined)
    return Object.fromEntries(arms.map(([id, sums]) => [id, shrunk(sums, gS / gN, meanBelief)]));
  const seen = arms.flatMap(([id, { N, S }]) => (N > 0 ? [{ id, score: S / N, weight: N }] : []));
  const predict = fitKernelRidge(seen, (one, other) => likeness[one.id]?.[other.id] ?? 0, penalty);
  return Object.fromEntries(
    arms.map(([id, sums]) => {
      const expected = seen.length === 0 ? gS / gN : predict(({ id: other }) => likeness[id]?.[other] ?? 0);
      return [id, shrunk(sums, Math.min(1, Math.max(0, expected)), expoBelief)];
    }),
  );
}

function shrunk({ N, S }: ArmSums, expected: number, belief: number): number {
  return (S + belief * expected) / (N + belief);
}
