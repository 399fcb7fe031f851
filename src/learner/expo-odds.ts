import { expoProbabilities, type ExpoSettings, type ScoredPoint } from '../stats/expo.ts';
import { networkTrainer, smallNetwork } from '../stats/score-network.ts';
import type { OptimizerContext } from './optimizer.ts';

/**
 * Probabilities of choices by EXPO, as an optimizer has it (`settings`) but for what the task's configuration says. With
 * `estimator: network` equal draws give equal networks.
 */
export function expoOdds(
  history: readonly ScoredPoint[],
  choices: readonly ArrayLike<number>[],
  settings: ExpoSettings,
  { expo = {}, random }: Pick<OptimizerContext, 'expo' | 'random'>,
): readonly number[] {
  const { estimator, ...said } = expo;
  const estimate = estimator === 'network' ? networkTrainer(smallNetwork, random) : undefined;
  return expoProbabilities(history, choices, { ...settings, ...said }, estimate);
}
