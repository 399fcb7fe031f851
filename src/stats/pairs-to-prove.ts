import { logMeanExp, mixtureBets } from './log-mixture-e.ts';

/** What a test is to find, and in what noise. */
export interface ProofQuestion {
  /** True mean difference, > −margin. */
  readonly effect: number;
  /** Of the differences, ≥ 0. */
  readonly variance: number;
  /** log(1/α): the evidence that it takes. */
  readonly logThreshold: number;
  /** Non-inferiority margin m in [0, 1); default 0, superiority. */
  readonly margin?: number;
}

/** More pairs than this are as good as never. */
const pairsMax = 1e7;

/**
 * About how many pairs an e-process of `log-mixture-e.ts` takes to reach its threshold; half of all tests take less.
 *
 * On average the logarithm of a gambler's wealth grows by g_j = λ_j·δ − λ_j²·(Var D + δ²)/2 a pair, to second order in
 * the bet, with δ = effect + m and λ_j = bet_j/(1 − m). Let n be the least number with log (1/20) Σ_j exp(n·g_j) ≥
 * threshold. Wealth does not grow evenly: with drift g and variance s² = λ²·Var D of the best gambler, the first time
 * that it reaches a = n·g is about inverse Gaussian with mean n and skewness 3·s/√(a·g), so that the median is about
 * n·(1 − s²/(2·a·g)), by the first term of Cornish & Fisher. Folks & Chhikara, "The inverse Gaussian distribution and
 * its statistical application", JRSS B 40 (1978).
 *
 * Infinity where the effect is nothing, or would take more than ten million pairs. Throws a RangeError for a negative
 * variance, a margin outside [0, 1), or a threshold that is not above 0.
 */
export function pairsToProve({ effect, variance, logThreshold, margin = 0 }: ProofQuestion): number {
  if (!(variance >= 0) || !(margin >= 0 && margin < 1) || !(logThreshold > 0))
    throw new RangeError(`proof: variance ${variance}, margin ${margin}, log threshold ${logThreshold}`);
  const gain = effect + margin;
  const gamblers = mixtureBets.map((fraction) => {
    const bet = fraction / (1 - margin);
    return { bet, rate: rateOf(bet, gain, variance) };
  });
  const isProven = (pairs: number): boolean =>
    logMeanExp(gamblers.map(({ rate }) => pairs * rate)) >= logThreshold;
  if (!(gain > 0) || !isProven(pairsMax)) return Infinity;
  let [few, enough] = [0, pairsMax];
  while (enough - few > 1) {
    const middle = Math.floor((few + enough) / 2);
    if (isProven(middle)) enough = middle;
    else few = middle;
  }
  const { bet, rate } = gamblers.reduce((one, other) => (other.rate > one.rate ? other : one));
  const unevenness = (bet ** 2 * variance) / (2 * enough * rate ** 2);
  return Math.ceil(enough * Math.max(0.5, 1 - unevenness));
}

/** Mean growth of log wealth a pair. Without noise it is known exactly. */
function rateOf(bet: number, gain: number, variance: number): number {
  if (variance === 0) return Math.log1p(bet * gain);
  return bet * gain - (bet ** 2 * (variance + gain ** 2)) / 2;
}
