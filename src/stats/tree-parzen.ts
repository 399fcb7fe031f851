import type { Random } from '../domain/random.ts';

/** Random trials before the model is trusted, candidates drawn for each suggestion, and the weight of the prior. */
export const startupTrials = 10;
const candidatesDrawn = 24;
const priorWeight = 1;

/** Times that candidates are drawn anew where none of them is wanted. */
const roundsMax = 10;

/** The good part: the best tenth of the trials, at least one and at most 25. */
const goodShare = 0.1;
const goodMax = 25;

/** One choice for each dimension: an index into its categories. */
export type Choices = readonly number[];

/** Choices that were tried, and what came of them: more is better. */
export interface ScoredChoices {
  readonly choices: Choices;
  readonly value: number;
}

/**
 * What to try next: the tree-structured Parzen estimator for categories (Bergstra, Bardenet, Bengio & Kégl, "Algorithms
 * for Hyper-Parameter Optimization", NIPS 2011), in the multivariate form (Falkner, Klein & Hutter, "BOHB", ICML 2018).
 *
 * Trials are split into the best min(⌈n/10⌉, 25) and the rest, with densities l and g; of 24 draws from l the one with
 * the largest l/g is taken, which maximises the expected improvement. A density over n trials is the mean of n + 1
 * kernels: one uniform (the prior), and for each trial the product over dimensions of (1[x = x_i] + w) / (1 + Cw), with
 * C categories and w = 1/(n + 1). Before 10 trials the choice is uniform, as it is where nothing was tried.
 *
 * `sizes`: number of categories of each dimension, each ≥ 1. What `isWanted` refuses is never chosen, as where a repeat
 * would tell nothing; `undefined` where 240 draws found nothing else. Throws a RangeError for another size, or for
 * choices outside.
 */
export function suggestChoices(
  sizes: readonly number[],
  tried: readonly ScoredChoices[],
  random: Random,
  isWanted: (choices: Choices) => boolean = () => true,
): Choices | undefined {
  assertInside(sizes, tried);
  const isModelled = tried.length >= startupTrials;
  const { good, rest } = splitTrials(tried);
  for (let round = 0; round < roundsMax; round += 1) {
    const draws = Array.from({ length: candidatesDrawn }, () =>
      isModelled ? drawFrom(sizes, good, random) : uniformChoices(sizes, random),
    ).filter(isWanted);
    if (!isModelled && draws.length > 0) return draws[0];
    const gains = draws.map((choices) => logDensity(sizes, good, choices) - logDensity(sizes, rest, choices));
    if (draws.length > 0) return draws[gains.indexOf(Math.max(...gains))];
  }
  return undefined;
}

/** The best trials and the others; of equals the earlier is the better one. */
export function splitTrials(tried: readonly ScoredChoices[]): {
  readonly good: readonly Choices[];
  readonly rest: readonly Choices[];
} {
  const sorted = tried.toSorted((one, other) => other.value - one.value).map(({ choices }) => choices);
  const count = Math.min(Math.ceil(goodShare * sorted.length), goodMax);
  return { good: sorted.slice(0, count), rest: sorted.slice(count) };
}

/** Natural logarithm of the density of `choices` under the estimator over `trials`; probabilities sum to 1. */
export function logDensity(sizes: readonly number[], trials: readonly Choices[], choices: Choices): number {
  const prior = sizes.reduce((product, size) => product / size, 1);
  const kernels = trials.reduce(
    (sum, trial) =>
      sum +
      sizes.reduce((product, size, dimension) => {
        const isHit = trial[dimension] === choices[dimension];
        return product * kernelWeight(isHit, size, trials.length);
      }, 1),
    0,
  );
  return Math.log((prior + kernels) / (trials.length + 1));
}

function kernelWeight(isHit: boolean, size: number, trials: number): number {
  const spread = priorWeight / (trials + 1);
  return ((isHit ? 1 : 0) + spread) / (1 + size * spread);
}

function drawFrom(sizes: readonly number[], trials: readonly Choices[], random: Random): Choices {
  const kernel = trials[Math.floor(random.next() * (trials.length + 1))];
  if (kernel === undefined) return uniformChoices(sizes, random);
  const spread = priorWeight / (trials.length + 1);
  return sizes.map((size, dimension) =>
    random.next() < 1 / (1 + size * spread) ? (kernel[dimension] ?? 0) : indexBelow(size, random),
  );
}

function uniformChoices(sizes: readonly number[], random: Random): Choices {
  return sizes.map((size) => indexBelow(size, random));
}

function indexBelow(size: number, random: Random): number {
  return Math.floor(random.next() * size);
}

function assertInside(sizes: readonly number[], tried: readonly ScoredChoices[]): void {
  if (!sizes.every((size) => Number.isSafeInteger(size) && size >= 1))
    throw new RangeError(`choices among ${sizes.join(', ')} categories`);
  for (const { choices, value } of tried)
    if (
      choices.length !== sizes.length ||
      !choices.every((choice, index) => choice >= 0 && choice < (sizes[index] ?? 0)) ||
      !Number.isFinite(value)
    )
      throw new RangeError(`choices ${choices.join(', ')} of value ${value} among ${sizes.join(', ')}`);
}
