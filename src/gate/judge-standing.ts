import { countOf, mergeHistograms, type Histogram, type Ledger } from '../domain/histogram.ts';
import { jointCount, jointOf, mergeJoints, type JointHistogram } from '../domain/joint-histogram.ts';
import type { Judging } from '../domain/judging.ts';
import { agreementOf } from '../stats/agreement.ts';
import { correlationOf, jointMoments } from '../stats/joint-moments.ts';
import { judgeWeight } from '../stats/judge-weight.ts';
import { logLabelShiftE } from '../stats/prediction-powered.ts';
import { unlabelledPerLabelMax } from './judge-blocks.ts';
import { correctedLedger, judgeLedger, labelShiftLedger, ratingLedgers } from './judge-ledgers.ts';

/** Pairs below which a judge has no weight, and after which one that has not shown itself is no longer tried. */
const pairsToTrust = 50;
const pairsToGiveUp = 600;

/** Share of requests with ground truth above which unlabelled ones have too little to add. */
const labelledShareMax = 0.8;

/** What a task's tests have found out about its judge. */
export interface JudgeStanding {
  /** The judge's differences and the true ones. */
  readonly pairs: JointHistogram;
  /** Its opinions of labelled pairs minus those of unlabelled ones. */
  readonly labelShifts: Histogram;
  /** Pairs that it corrected, and the unlabelled ones that it corrected them by. */
  readonly corrected: number;
  readonly company: number;
}

const noStanding: JudgeStanding = { pairs: {}, labelShifts: {}, corrected: 0, company: 0 };

/** The standing of one judge from the ledgers of a task's tests. */
export function standingOf(ledgers: readonly Ledger[], judgeId: string): JudgeStanding {
  return ledgers.reduce<JudgeStanding>(({ pairs, labelShifts, corrected, company }, ledger) => {
    const rated = jointOf(ledger, ratingLedgers(judgeId).pairs);
    const { '0': _uncorrected, ...weighed } = jointOf(ledger, correctedLedger);
    const more = jointCount(weighed);
    const unlabelled = more === 0 ? 0 : countOf(ledger[judgeLedger] ?? {}) - jointCount(rated);
    return {
      pairs: mergeJoints(pairs, rated),
      labelShifts: mergeHistograms(labelShifts, ledger[labelShiftLedger] ?? {}),
      corrected: corrected + more,
      company: company + Math.max(0, unlabelled),
    };
  }, noStanding);
}

/** What a test is to be judged by. */
export interface StartingTest {
  readonly judgeId: string;
  readonly standing: JudgeStanding;
  /** Share of recent requests with ground truth, in [0, 1]; `null` where there were none. */
  readonly labelledShare: number | null;
  readonly patienceMs: number;
  /** α_t. */
  readonly alphaLevel: number;
  readonly mde: number;
}

/** Smallest effect that a weight is chosen for, whatever the task's mde. */
const effectMin = 0.02;

/**
 * What a judge counts for in a test from now on. It has a weight only if, on at least 50 pairs that truth has rated
 * too, it agrees with truth beyond chance (the whole interval above 0), labels have not been found to be missing
 * otherwise than at random, and the weight should save pairs. It is asked again while the judge is learning: what is
 * known by then was counted before the pairs that the weight is used on, and that is all that the proof needs.
 */
export function judgingOf(test: StartingTest): Judging {
  const { judgeId, standing, labelledShare, patienceMs, alphaLevel, mde } = test;
  const say = (reason: string, isLearning: boolean = false, weight: number = 0): Judging => ({
    judgeId,
    weight,
    isLearning,
    patienceMs,
    reason,
  });
  if (labelledShare === null) return say('no recent request to tell how many have ground truth', true);
  const share = `${Math.round(100 * labelledShare)} % of recent requests have ground truth`;
  if (labelledShare > labelledShareMax) return say(`${share}, so that the others have little to add`);
  if (logLabelShiftE(standing.labelShifts) >= Math.log(20))
    return say('ground truth was not missing at random: the judge thinks otherwise of requests that have it');
  const agreement = agreementOf(standing.pairs);
  const moments = jointMoments(standing.pairs);
  if (agreement === null || moments === null || agreement.count < pairsToTrust)
    return say(`agreement is known on ${agreement?.count ?? 0} pairs, of ${pairsToTrust} at least`, true);
  const { low, high } = agreement.bounds;
  const known = `agreement ${figure(agreement.kappa)} in [${figure(low)}, ${figure(high)}] on ${agreement.count} pairs`;
  if (low <= 0) return say(`${known}, which may be chance`, agreement.count < pairsToGiveUp);
  const weight = judgeWeight({
    varianceTruth: moments.varianceSecond,
    varianceJudged: moments.varianceFirst,
    covariance: moments.covariance,
    unlabelledPerLabel: companyToExpect(standing, labelledShare),
    effect: Math.max(effectMin, mde),
    logThreshold: -Math.log(alphaLevel),
  });
  const told = `${known}, correlation ${figure(correlationOf(moments) ?? 0)}, ${share}`;
  return weight === 0 ? say(`${told}: too little to pay`) : say(told, false, weight);
}

/** Unlabelled pairs to be had for each labelled one: by the traffic, and by what budgets left room for before. */
function companyToExpect({ corrected, company }: JudgeStanding, labelledShare: number): number {
  const inTraffic = (1 - labelledShare) / Math.max(labelledShare, 0.01);
  const before = corrected === 0 ? Infinity : company / corrected;
  return Math.min(unlabelledPerLabelMax, inTraffic, before);
}

function figure(value: number): string {
  return value.toFixed(2);
}
