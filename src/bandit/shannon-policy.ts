import { exponentialWeights } from '../stats/exponential-weights.ts';
import type { Policy } from './policy.ts';

/**
 * EXP3 with implicit exploration: exponential weights at η = √(ln K/(K·max(1, n))), γ = η/2.
 * Neu, "Explore no more", NeurIPS 2015; here with the same doubly robust losses as the default. One arm has η = 0.
 */
export const shannonPolicy: Policy = {
  rates: (n, arms) => {
    const learningRate = Math.sqrt(Math.log(arms) / (arms * Math.max(1, n)));
    return { learningRate, implicitExploration: learningRate / 2 };
  },
  probabilities: (losses, n) =>
    exponentialWeights(losses, shannonPolicy.rates(n, losses.length).learningRate),
};
