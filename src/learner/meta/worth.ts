import type { EffectPrediction } from '../../stats/nested-effects.ts';
import { testWorth } from '../../stats/test-worth.ts';
import { screeningCost } from './setup-outcomes.ts';

/** Variance of a paired difference where the test has not shown its own. */
export const pairVariance = 0.3;

/** Pairs at which the gate ends a test undecided. */
export const pairsMax = 2000;

/** log(1/α_t) of a test that has not begun; the first of a block. */
const natsFresh: number = Math.log(500);

/**
 * A test is kept, or begun, while it is worth at least this share of testing a fresh idea. Less than 1, since the normal
 * model makes more of fresh ideas than they are: most do nothing at all.
 */
export const worthShareMin = 0.5;

/** Gain per pair that is to be expected of testing an idea (`stats/test-worth.ts`). */
export function worthOfIdea(prediction: EffectPrediction, variance: number = pairVariance): number {
  return testWorth({
    ...prediction,
    pairVariance: variance,
    natsLeft: natsFresh,
    pairsLeft: pairsMax,
    pairsBefore: screeningCost,
  });
}
