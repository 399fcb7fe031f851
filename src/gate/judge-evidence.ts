import { countOf, primaryLedger, type Histogram, type Ledger } from '../domain/histogram.ts';
import { jointOf, type JointHistogram } from '../domain/joint-histogram.ts';
import type { Judging } from '../domain/judging.ts';
import type { JudgeEvidence } from '../domain/verdict.ts';
import { correctionScale, logLabelShiftE, rowsOf } from '../stats/prediction-powered.ts';
import { varianceOf } from './histogram-error.ts';
import { calibrationOf } from './judge-calibration.ts';
import { correctedLedger, labelShiftLedger } from './judge-ledgers.ts';

/** Evidence at which labels count as not missing at random. */
const logShifted: number = Math.log(20);

/** What the judge was worth in a test, from the test's ledger alone. */
export function judgeEvidenceOf(ledger: Ledger, { judgeId, weight }: Judging): JudgeEvidence {
  const corrected = correctedMoments(jointOf(ledger, correctedLedger));
  const logLabelShift = logLabelShiftE(ledger[labelShiftLedger] ?? {});
  return {
    weight,
    correctedDifference: corrected?.mean ?? null,
    effectivePairs: effectivePairsOf(ledger[primaryLedger] ?? {}, corrected?.variance ?? null),
    logLabelShift,
    isShifted: logLabelShift >= logShifted,
    calibration: calibrationOf(ledger, judgeId),
  };
}

/** Mean and sample variance of Z over all rows; `null` where the judge has corrected nothing. */
function correctedMoments(
  corrected: JointHistogram,
): { readonly mean: number; readonly variance: number | null } | null {
  const rows = rowsOf(corrected);
  if (rows.every(({ weight }) => weight === 0)) return null;
  const differences = rows.flatMap(({ weight, values }) =>
    values.map(([value, count]) => ({ difference: value * correctionScale(weight), count })),
  );
  const total = differences.reduce((sum, { count }) => sum + count, 0);
  const mean = differences.reduce((sum, { difference, count }) => sum + count * difference, 0) / total;
  const squares = differences.reduce(
    (sum, { difference, count }) => sum + count * (difference - mean) ** 2,
    0,
  );
  return { mean, variance: total < 2 ? null : squares / (total - 1) };
}

/** n·Var Y / Var Z. */
function effectivePairsOf(truth: Histogram, varianceCorrected: number | null): number | null {
  const varianceTruth = varianceOf(truth);
  if (varianceTruth === null || varianceCorrected === null || varianceCorrected === 0) return null;
  return (countOf(truth) * varianceTruth) / varianceCorrected;
}
