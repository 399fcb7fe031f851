import { tsallisWeights } from '../stats/tsallis-weights.ts';
import type { Policy } from './policy.ts';

/**
 * The default: Tsallis-½ weights at η = 8/√(max(1, n) + 64), γ = min(η², .05), with n decayed, so that the rate
 * settles at a positive value and the policy keeps following a world that moves. Zimmert & Seldin, JMLR 22 (2021), for
 * the weights; the constant scale, the forgetting and γ are our own and no published bound covers them.
 */
export const tsallisPolicy: Policy = {
  rates: (n) => {
    const learningRate = 8 / Math.sqrt(Math.max(1, n) + 64);
    return { learningRate, implicitExploration: Math.min(learningRate ** 2, 0.05) };
  },
  probabilities: (losses, n) => tsallisWeights(losses, tsallisPolicy.rates(n, losses.length).learningRate),
};
