import { fitRidge, type Predictor, type WeightedScore } from './ridge.ts';

/** A choice that was made, and what it was worth. */
export interface ScoredPoint {
  /** The embedding of the choice. */
  readonly point: ArrayLike<number>;
  /** In [0, 1]. */
  readonly score: number;
}

/** Learns scores from what was observed, the oldest first. */
export type Estimator = (history: readonly WeightedScore[]) => Predictor;

/** How EXPO goes about. */
export interface ExpoSettings {
  /** η > 0: small explores, large exploits. */
  readonly eta: number;
  /** Factor on the cumulative scores before each round, (0, 1]. 1: never forgets, as published. */
  readonly sumDecay: number;
  /** Factor on the weight of an observation for each round since, (0, 1]. 1: all count alike, as published. */
  readonly dataDecay: number;
  /** Probability that is shared by all choices alike, [0, 1). 0: none, as published. */
  readonly floor: number;
}

/** As published for regression and the travelling salesman, and for the bandit task and for exemplars. */
export const publishedExpo: ExpoSettings = { eta: 100, sumDecay: 1, dataDecay: 1, floor: 0 };
export const publishedExpoExemplars: ExpoSettings = { ...publishedExpo, eta: 10 };

/**
 * What replays of real prompts ask for: with undiscounted sums and η of 10 or more the choice locks in within a few
 * rounds, and old sums must be cancelled before another choice can win.
 */
export const forgettingExpo: ExpoSettings = { eta: 3, sumDecay: 0.95, dataDecay: 0.998, floor: 0.05 };

/** λ of the default estimator, for embeddings of length 1. */
const ridgePenalty = 0.1;

const ridge: Estimator = (history) => fitRidge(history, ridgePenalty);

/**
 * Probabilities of the next choice: Chen et al., "EXPO: meta-prompt optimization by adversarial bandits", algorithm 1.
 * After each round t an estimator f_t is fitted to all that was observed; each choice i gathers S_i ← S_i + f_t(i), and
 * P(i) ∝ exp(η·S_i). The published estimator is a network of one hidden layer (`score-network.ts`), the default here a
 * ridge regression.
 *
 * All rounds are gone through anew, so nothing needs to be kept but the history. So the same function is algorithm 2
 * (EXPO-ES), where the choices are others in each round and are scored by the sum over all estimators of the past.
 * Forgetting (`sumDecay`, `dataDecay`) and the floor are not published: S_i ← γ·S_i + f_t(i), weights δ^(t − s), and
 * P ← (1 − φ)·P + φ/K.
 *
 * `history`: the oldest first. Without any all choices are alike. No probability for no choices. Throws a RangeError for
 * settings out of range.
 */
export function expoProbabilities(
  history: readonly ScoredPoint[],
  choices: readonly ArrayLike<number>[],
  settings: ExpoSettings,
  estimate: Estimator = ridge,
): readonly number[] {
  assertSettings(settings);
  const { eta, sumDecay, dataDecay, floor } = settings;
  const sums = choices.map(() => 0);
  history.forEach((_, round) => {
    const predict = estimate(
      history
        .slice(0, round + 1)
        .map(({ point, score }, index) => ({ point, score, weight: dataDecay ** (round - index) })),
    );
    choices.forEach((choice, index) => {
      sums[index] = sumDecay * (sums[index] ?? 0) + predict(choice);
    });
  });
  const most = sums.reduce((one, other) => Math.max(one, other), -Infinity);
  const weights = sums.map((sum) => Math.exp(eta * (sum - most)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => ((1 - floor) * weight) / total + floor / weights.length);
}

function assertSettings({ eta, sumDecay, dataDecay, floor }: ExpoSettings): void {
  if (eta > 0 && eta < Infinity && isDecay(sumDecay) && isDecay(dataDecay) && floor >= 0 && floor < 1) return;
  throw new RangeError(`EXPO with η ${eta}, decays ${sumDecay} and ${dataDecay}, floor ${floor}`);
}

function isDecay(value: number): boolean {
  return value > 0 && value <= 1;
}
