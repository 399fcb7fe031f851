import type { Ledger } from '../domain/histogram.ts';
import { jointCells, jointOf, type JointHistogram } from '../domain/joint-histogram.ts';
import type { AgreementEvidence, JudgeCalibration } from '../domain/verdict.ts';
import { agreementOf } from '../stats/agreement.ts';
import { correlationOf, jointMoments, slopeOf } from '../stats/joint-moments.ts';
import { meanInterval } from '../stats/mean-interval.ts';
import { ratingLedgers } from './judge-ledgers.ts';

/** Chance that a bound of a judge's calibration is ever wrong. */
const calibrationAlpha = 0.05;

/** What a judge is worth by the pairs of a ledger that truth has rated too; `null` where there are none. */
export function calibrationOf(ledger: Ledger, judgeId: string): JudgeCalibration | null {
  const names = ratingLedgers(judgeId);
  const pairs = jointOf(ledger, names.pairs);
  const agreement = agreementOn(pairs);
  const moments = jointMoments(pairs);
  if (agreement === null || moments === null) return null;
  // Half of the difference lies in [−1, 1].
  const halves = jointCells(pairs).map(({ first, second, count }) => [(first - second) / 2, count] as const);
  const { low, high } = meanInterval(halves, calibrationAlpha);
  const lean = slopeOf(jointOf(ledger, names.length));
  return {
    pairs: moments.count,
    agreement,
    onCandidate: agreementOn(jointOf(ledger, names.candidate)),
    onIncumbent: agreementOn(jointOf(ledger, names.incumbent)),
    correlation: correlationOf(moments),
    bias: { mean: moments.meanFirst - moments.meanSecond, low: 2 * low, high: 2 * high },
    lengthLean: lean === null ? null : { slope: 2 * lean.slope, standardError: 2 * lean.standardError },
  };
}

function agreementOn(joint: JointHistogram): AgreementEvidence | null {
  const found = agreementOf(joint, calibrationAlpha);
  return found === null ? null : { kappa: found.kappa, ...found.bounds };
}
