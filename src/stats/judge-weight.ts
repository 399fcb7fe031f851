import { mixtureBets } from './log-mixture-e.ts';
import { correctionScale } from './prediction-powered.ts';

/** What is known of a judge, and what a test is to find, when λ is chosen. */
export interface WeightQuestion {
  readonly varianceTruth: number;
  readonly varianceJudged: number;
  /** Of truth and judgement on the same units. */
  readonly covariance: number;
  /** k: unlabelled units to be had for each labelled one, ≥ 0; below 1 the share of labelled units that get one. */
  readonly unlabelledPerLabel: number;
  /** True difference that the test should be quickest for, > 0. */
  readonly effect: number;
  /** log(1/α_t): the evidence that a promotion takes. */
  readonly logThreshold: number;
}

/** Largest fraction that the gamblers of the e-process bet. */
const betMax = Math.max(...mixtureBets);

/** Share of the labelled pairs that a judge must leave, at most: the answers that it compares cost money. */
const pairsShareMax = 0.9;

/** Weights are hundredths, so that people can read them. */
const steps = 100;

/**
 * The weight λ in [0, 1] with which a test of the given effect should need the fewest labelled pairs; 0 where the
 * judge would not pay.
 *
 * A gambler who bets b gains about b·δ − b²·(Var Z + δ²)/2 a pair, at best δ²/(2(Var Z + δ²)); so while bets are free,
 * the best weight is the one of least variance, PPI++'s λ = Cov/Var J · k/(k + 1). But a bet is at most .95/(1 + 2λ),
 * since Z reaches further than Y: for large effects on scores of little spread the best bet is out of reach, and a
 * smaller λ, or none, is better. The pairs needed are threshold/gain; with λ > 0 the threshold has log 2 on top, the
 * price of hedging (`calibratedEvidence`). A judge that would save less than a tenth of the pairs gets λ = 0, which is
 * the test without it.
 */
export function judgeWeight(question: WeightQuestion): number {
  const { varianceJudged, covariance, unlabelledPerLabel } = question;
  if (!(varianceJudged > 0) || !(covariance > 0) || !(unlabelledPerLabel > 0)) return 0;
  let best = { weight: 0, pairs: pairsShareMax * pairsNeeded(question, 0) };
  for (let step = 1; step <= steps; step++) {
    const weight = step / steps;
    const pairs = pairsNeeded(question, weight);
    if (pairs < best.pairs) best = { weight, pairs };
  }
  return best.weight;
}

/** Labelled pairs that a test with this weight needs, about. */
export function pairsNeeded(question: WeightQuestion, weight: number): number {
  const { effect, logThreshold } = question;
  const square = varianceWith(question, weight) + effect ** 2;
  const bet = Math.min(betMax / correctionScale(weight), effect / square);
  const gain = bet * effect - (bet ** 2 * square) / 2;
  return (logThreshold + (weight === 0 ? 0 : Math.LN2)) / gain;
}

/** Var Z. */
function varianceWith(question: WeightQuestion, weight: number): number {
  const { varianceTruth, varianceJudged, covariance, unlabelledPerLabel } = question;
  const share = Math.min(1, unlabelledPerLabel);
  const spread = varianceJudged * (1 + 1 / Math.max(1, unlabelledPerLabel));
  return varianceTruth + share * (weight ** 2 * spread - 2 * weight * covariance);
}
