import { countOf, meanOf, primaryLedger, type Histogram, type Ledger } from '../domain/histogram.ts';
import type { Judging } from '../domain/judging.ts';
import type { JudgeEvidence } from '../domain/verdict.ts';
import { correctionScale, logLabelShiftE } from '../stats/prediction-powered.ts';
import { varianceOf } from './histogram-error.ts';
import { calibrationOf } from './judge-calibration.ts';
import { correctedLedger, labelShiftLedger } from './judge-ledgers.ts';

/** Evidence at which labels count as not missing at random. */
const logShifted: number = Math.log(20);

/** What the judge was worth in a test, from the test's ledger alone. */
export function judgeEvidenceOf(ledger: Ledger, { judgeId, weight }: Judging): JudgeEvidence {
  const corrected = ledger[correctedLedger] ?? {};
  const mean = meanOf(corrected);
  const logLabelShift = logLabelShiftE(ledger[labelShiftLedger] ?? {});
  return {
    weight,
    correctedDifference: mean === null ? null : mean * correctionScale(weight),
    effectivePairs: effectivePairsOf(ledger[primaryLedger] ?? {}, corrected, weight),
    logLabelShift,
    isShifted: logLabelShift >= logShifted,
    calibration: calibrationOf(ledger, judgeId),
  };
}

/** n·Var Y / Var Z, over the labelled pairs that were corrected. */
function effectivePairsOf(truth: Histogram, corrected: Histogram, weight: number): number | null {
  const [varianceTruth, varianceCorrected] = [varianceOf(truth), varianceOf(corrected)];
  if (varianceTruth === null || varianceCorrected === null || varianceCorrected === 0) return null;
  return (countOf(truth) * varianceTruth) / (varianceCorrected * correctionScale(weight) ** 2);
}
