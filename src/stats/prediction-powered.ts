import type { Histogram } from '../domain/histogram.ts';
import { jointCells, type JointHistogram } from '../domain/joint-histogram.ts';
import {
  logFutilityE,
  logHarmE,
  logMeanExp,
  logMixtureE,
  logMixtureOfParts,
  type CountedValues,
  type EvidencePart,
} from './log-mixture-e.ts';

/** A labelled unit with the judge's opinion of it and of unlabelled ones. All values in [−1, 1]. */
export interface PredictedUnit {
  /** Y: its true difference. */
  readonly truth: number;
  /** J: the judge's difference of the same unit; `null` where the judge could not tell. */
  readonly judged: number | null;
  /** The judge's differences of unlabelled units that no other labelled unit has used. */
  readonly unlabelled: readonly number[];
}

/**
 * A labelled unit's difference, sharpened by a judge's opinion of unlabelled ones, and scaled back into [−1, 1]:
 *
 *   X = Z / (1 + 2λ),   Z = Y − λ·(J − mean of J over k fresh unlabelled units),   λ = `weight` in [0, 1].
 *
 * Without an opinion or unlabelled units Z = Y. After prediction-powered inference (Angelopoulos, Bates, Fannjiang,
 * Jordan & Zrnic, Science 382, 2023; PPI++, 2023), rearranged into blocks of one label so that neither the share of
 * labels need be known nor the number of units be fixed.
 *
 * Unbiased, whatever the judge does. Let F be all that was seen in earlier blocks, and suppose that whether a unit is
 * labelled does not hang on its Y and J. Given F, the pattern of labels and hence k, the J of the labelled unit and
 * those of the k others are draws from one law, so E[J − mean J | F, k] = 0. λ is a number fixed before the block.
 * Hence E[Z | F, k] = E[Y | F], and any test martingale for the mean of Y is one for the mean of Z: with
 * |Z| ≤ 1 + 2λ, H0: E[Y] ≤ −m becomes H0: E[X] ≤ −m/(1 + 2λ), and Ville's inequality holds as before. That a unit is
 * used once is needed: a mean over unlabelled units of the past would be known beforehand, and no martingale left. So
 * is that the judge treats labelled and unlabelled units alike; whether it answers at all may depend on the unit.
 *
 * Var Z = Var Y + λ²·Var J·(1 + 1/k) − 2λ·Cov(Y, J), at best Var Y·(1 − ρ²·k/(k + 1)).
 */
export function correctedDifference({ truth, judged, unlabelled }: PredictedUnit, weight: number): number {
  const correction = judged === null || unlabelled.length === 0 ? 0 : judged - meanOf(unlabelled);
  return (truth - weight * correction) / correctionScale(weight);
}

/**
 * (J − mean of J over the unlabelled units)/2, in [−1, 1]: what `correctedDifference` takes to be 0 on average. `null`
 * where there is nothing to compare.
 */
export function labelShift({ judged, unlabelled }: Omit<PredictedUnit, 'truth'>): number | null {
  return judged === null || unlabelled.length === 0 ? null : (judged - meanOf(unlabelled)) / 2;
}

/**
 * Log e-value against H0: labels are missing at random, from a histogram of `labelShift`. Two-sided: the mean of the
 * e-values against a mean ≤ 0 and one ≥ 0. It sees what the judge sees: a choice of labels that leaves the judge's
 * opinions alike on average stays hidden.
 */
export function logLabelShiftE(shifts: Histogram): number {
  return logMeanExp([logMixtureE(shifts, 0), logHarmE(shifts)]);
}

/** 1 + 2λ: the largest |Z|, by which differences and margins are divided. */
export function correctionScale(weight: number): number {
  return 1 + 2 * weight;
}

/**
 * A value as a whole number of hundredths whose expectation is the value itself: rounded up with the chance that the
 * fraction names. Plain rounding of Z would move its mean by up to half a hundredth, and the proof would be gone.
 * `uniform` in [0, 1) must not depend on the value. Result in [−1, 1] for a value in [−1, 1].
 */
export function roundUnbiased(value: number, uniform: number): number {
  // Sums of hundredths such as .07·100 miss the whole number by a few last bits, which are noise.
  const hundredths = Math.round(value * 100 * 1e9) / 1e9;
  const low = Math.floor(hundredths);
  return (low + (uniform < hundredths - low ? 1 : 0)) / 100;
}

/** What a campaign's pairs say with and without the judge. */
export interface CalibratedLedger {
  /** Histogram of Y over the labelled units. */
  readonly truth: Histogram;
  /** Histograms of X over the same units, in rows of λ in hundredths: each unit stands in the row of its own λ. */
  readonly corrected: JointHistogram;
  /** Whether labels were found not to be missing at random: then X is worth nothing. */
  readonly isShifted: boolean;
}

/** The three log e-values that decide. */
export interface LogEvidence {
  /** Against H0: mean ≤ 0. */
  readonly superiority: number;
  /** Against H0: mean ≥ 0. */
  readonly harm: number;
  /** Against H0: mean ≥ mde. */
  readonly futility: number;
}

/**
 * Evidence on the mean of Y: half of the wealth bets on Y alone, half on X. The mean of two e-processes of one
 * hypothesis is one, so a judge whose help was overrated costs a factor of 2, log 2 ≈ .69 of the 6.2 that a promotion
 * takes, and never more. It also makes the fallback free: where labels turn out not to be missing at random, the half
 * on X counts as lost, and since that only lowers the wealth, the level holds though the data chose.
 *
 * λ may change from block to block, as long as it is fixed before each: the gamblers' wealth of one row is the stake of
 * the next, with the margin scaled as the row's differences are, and the product does not depend on the order. While
 * λ = 0, X is Y and both halves are one: the test on the truth alone, to the last bit.
 */
export function calibratedEvidence(ledger: CalibratedLedger, mde: number): LogEvidence {
  const { truth, corrected, isShifted } = ledger;
  const plain = {
    superiority: logMixtureE(truth, 0),
    harm: logHarmE(truth),
    futility: logFutilityE(truth, mde),
  };
  const rows = rowsOf(corrected);
  if (rows.every(({ weight }) => weight === 0)) return plain;
  const hedge = (alone: number, sign: 1 | -1, margin: number): number =>
    logMeanExp([alone, isShifted ? -Infinity : logMixtureOfParts(partsOf(rows, sign, margin))]);
  return {
    superiority: hedge(plain.superiority, 1, 0),
    harm: hedge(plain.harm, -1, 0),
    futility: hedge(plain.futility, -1, mde),
  };
}

/** The corrected differences of one λ. */
export interface CorrectedRow {
  /** λ. */
  readonly weight: number;
  /** Values of X, ascending. */
  readonly values: CountedValues;
}

/** The rows that hold any difference, by λ. */
export function rowsOf(corrected: JointHistogram): readonly CorrectedRow[] {
  return [...Map.groupBy(jointCells(corrected), ({ first }) => first)].map(([weight, cells]) => ({
    weight,
    values: cells.map(({ second, count }) => [second, count] as const),
  }));
}

function partsOf(rows: readonly CorrectedRow[], sign: 1 | -1, margin: number): readonly EvidencePart[] {
  return rows.map(({ weight, values }) => ({
    values: values.map(([value, count]) => [sign * value, count] as const),
    margin: margin / correctionScale(weight),
  }));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
