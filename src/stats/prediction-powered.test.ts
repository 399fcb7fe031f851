import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDifference, type Histogram } from '../domain/histogram.ts';
import { mergeJoints } from '../domain/joint-histogram.ts';
import { logFutilityE, logHarmE, logMixtureE } from './log-mixture-e.ts';
import {
  calibratedEvidence,
  correctedDifference,
  correctionScale,
  labelShift,
  logLabelShiftE,
  roundUnbiased,
} from './prediction-powered.ts';

/** A candidate .1 worse and a judge that likes it: P(Y, J). */
const law: readonly (readonly [truth: number, judged: number, chance: number])[] = [
  [-1, -1, 0.1],
  [-1, 1, 0.15],
  [0, 0, 0.4],
  [0, 1, 0.2],
  [1, 1, 0.15],
];
const meanTruth = law.reduce((sum, [truth, , chance]) => sum + truth * chance, 0);
const varianceTruth = law.reduce((sum, [truth, , chance]) => sum + chance * (truth - meanTruth) ** 2, 0);

/** Every block of one labelled unit and k = 2 unlabelled ones, with its chance. */
const blocks = law.flatMap(([truth, judged, chance]) =>
  law.flatMap(([, one, chanceOne]) =>
    law.map(([, other, chanceOther]) => ({
      unit: { truth, judged, unlabelled: [one, other] },
      chance: chance * chanceOne * chanceOther,
    })),
  ),
);

/** The blocks as they are written down, rounding and all, each with its chance. */
function roundedBlocks(weight: number) {
  return blocks.flatMap(({ unit: given, chance }) => {
    const exact = correctedDifference(given, weight);
    const [low, high] = [roundUnbiased(exact, 0.999999), roundUnbiased(exact, 0)];
    const share = high === low ? 0 : (exact - low) / (high - low);
    const block = { truth: given.truth, row: String(100 * weight) };
    return [
      { ...block, corrected: low, chance: chance * (1 - share) },
      { ...block, corrected: high, chance: chance * share },
    ].filter((rounded) => rounded.chance > 0);
  });
}

const value = fc.double({ min: -1, max: 1, noNaN: true });
const unit = fc.record({
  truth: value,
  judged: fc.option(value),
  unlabelled: fc.array(value, { maxLength: 4 }),
});
const weights = fc.double({ min: 0, max: 1, noNaN: true });

describe('correctedDifference', () => {
  it.each([0, 0.37, 1])('has the mean of the truth, however the judge leans, at weight %d', (weight) => {
    const mean = blocks.reduce(
      (sum, { unit: given, chance }) => sum + chance * correctedDifference(given, weight),
      0,
    );
    expect(mean * correctionScale(weight)).toBeCloseTo(meanTruth, 12);
  });

  it('keeps that mean through the rounding to hundredths', () => {
    const weight = 0.37;
    const mean = blocks.reduce((sum, { unit: given, chance }) => {
      const exact = correctedDifference(given, weight);
      const low = Math.floor(exact * 100 - 1e-9) / 100;
      const up = [0.0005, 0.9995].map((uniform) => roundUnbiased(exact, uniform));
      for (const rounded of up) expect(Math.abs(rounded - exact)).toBeLessThan(0.01);
      // The mean over a fine, even grid of draws.
      const draws = Array.from({ length: 2000 }, (_, index) => roundUnbiased(exact, (index + 0.5) / 2000));
      expect(Math.min(...draws)).toBeGreaterThanOrEqual(low);
      return sum + (chance * draws.reduce((total, rounded) => total + rounded, 0)) / draws.length;
    }, 0);
    expect(mean * correctionScale(weight)).toBeCloseTo(meanTruth, 5);
  });

  it('has the variance that the weight is chosen by', () => {
    const weight = 0.4;
    const second = blocks.reduce(
      (sum, { unit: given, chance }) =>
        sum + chance * (correctedDifference(given, weight) * correctionScale(weight) - meanTruth) ** 2,
      0,
    );
    const meanJudged = law.reduce((sum, [, judged, chance]) => sum + judged * chance, 0);
    const varianceJudged = law.reduce((sum, [, judged, p]) => sum + p * (judged - meanJudged) ** 2, 0);
    const covariance = law.reduce(
      (sum, [truth, judged, p]) => sum + p * (truth - meanTruth) * (judged - meanJudged),
      0,
    );
    expect(second).toBeCloseTo(
      varianceTruth + weight ** 2 * varianceJudged * 1.5 - 2 * weight * covariance,
      12,
    );
  });

  it('stays in [−1, 1], and is the truth alone without judge, company or weight', () => {
    fc.assert(
      fc.property(unit, weights, (given, weight) => {
        expect(Math.abs(correctedDifference(given, weight))).toBeLessThanOrEqual(1 + 1e-12);
        expect(correctedDifference(given, 0)).toBeCloseTo(given.truth, 12);
        const alone = given.truth / correctionScale(weight);
        expect(correctedDifference({ ...given, judged: null }, weight)).toBeCloseTo(alone, 12);
        expect(correctedDifference({ ...given, unlabelled: [] }, weight)).toBeCloseTo(alone, 12);
      }),
    );
  });

  it('makes an e-value of mean 1 at the edge of the null hypothesis', () => {
    const weight = 0.5;
    // Margins and differences are scaled alike: E[Y] = −.1 is the edge for a margin of .1.
    const mean = roundedBlocks(weight).reduce((sum, { corrected, chance }) => {
      const margin = 0.1 / correctionScale(weight);
      return sum + chance * Math.exp(logMixtureE(addDifference({}, corrected), margin));
    }, 0);
    expect(meanTruth).toBeCloseTo(-0.1, 12);
    expect(mean).toBeCloseTo(1, 12);
  });
});

describe('roundUnbiased', () => {
  it('goes to a neighbouring hundredth, and leaves hundredths as they are', () => {
    expect(roundUnbiased(0.123, 0.29)).toBe(0.13);
    expect(roundUnbiased(0.123, 0.31)).toBe(0.12);
    expect(roundUnbiased(-0.123, 0.69)).toBe(-0.12);
    expect(roundUnbiased(-0.123, 0.71)).toBe(-0.13);
    for (let key = -100; key <= 100; key++) {
      expect(roundUnbiased(key / 100, 0)).toBeCloseTo(key / 100, 12);
      expect(roundUnbiased(key / 100, 0.9999)).toBeCloseTo(key / 100, 12);
    }
  });
});

describe('labelShift', () => {
  it('is 0 on average when labels are missing at random, lies in [−1, 1], and needs both sides', () => {
    const mean = blocks.reduce((sum, { unit: given, chance }) => sum + chance * (labelShift(given) ?? 9), 0);
    expect(mean).toBeCloseTo(0, 12);
    expect(labelShift({ judged: 1, unlabelled: [-1, -1] })).toBe(1);
    expect(labelShift({ judged: null, unlabelled: [1] })).toBeNull();
    expect(labelShift({ judged: 1, unlabelled: [] })).toBeNull();
  });

  it('is noticed on either side', () => {
    expect(logLabelShiftE({ '30': 60, '0': 40 })).toBeGreaterThan(Math.log(20));
    expect(logLabelShiftE({ '-30': 60, '0': 40 })).toBeGreaterThan(Math.log(20));
    expect(logLabelShiftE({ '30': 50, '-30': 50 })).toBeLessThan(0);
  });
});

describe('calibratedEvidence', () => {
  const histogram = fc
    .array(fc.tuple(fc.integer({ min: -100, max: 100 }).map(String), fc.integer({ min: 1, max: 30 })), {
      minLength: 1,
      maxLength: 5,
    })
    .map((cells): Histogram => Object.fromEntries(cells));
  const ledgers = fc.record({ truth: histogram, corrected: histogram });
  const evidenceOf = (
    { truth, corrected }: { readonly truth: Histogram; readonly corrected: Histogram },
    weight: number,
    isShifted: boolean = false,
  ) => calibratedEvidence({ truth, corrected: { [100 * weight]: corrected }, isShifted }, 0.02);
  const plainOf = (truth: Histogram) => ({
    superiority: logMixtureE(truth, 0),
    harm: logHarmE(truth),
    futility: logFutilityE(truth, 0.02),
  });

  it('without weight is the test on the truth alone, to the last bit', () => {
    fc.assert(
      fc.property(ledgers, fc.boolean(), (ledger, isShifted) => {
        expect(evidenceOf(ledger, 0, isShifted)).toEqual(plainOf(ledger.truth));
      }),
    );
  });

  it('may change its weight from block to block by what came before: the e-value keeps mean 1', () => {
    // Two blocks at the edge of H0: E[Y] ≥ −.1. The second is weighed only if the first was lost.
    let mean = 0;
    for (const one of roundedBlocks(0))
      for (const other of roundedBlocks(one.truth < 0 ? 0.5 : 0)) {
        const rows = mergeJoints(
          { [one.row]: addDifference({}, one.corrected) },
          { [other.row]: addDifference({}, other.corrected) },
        );
        const truth = addDifference(addDifference({}, one.truth), other.truth);
        const { futility } = calibratedEvidence({ truth, corrected: rows, isShifted: false }, -0.1);
        mean += one.chance * other.chance * Math.exp(futility);
      }
    expect(mean).toBeCloseTo(1, 9);
  });

  it('goes on where it stood when a weight is given for the first time', () => {
    const truth = { '100': 30, '0': 60, '-100': 10 };
    const before = calibratedEvidence({ truth, corrected: { '0': truth }, isShifted: false }, 0.02);
    expect(before).toEqual(plainOf(truth));
    const after = calibratedEvidence(
      { truth: { ...truth, '0': 61 }, corrected: { '0': truth, '50': { '0': 1 } }, isShifted: false },
      0.02,
    );
    expect(after.superiority).toBeCloseTo(before.superiority, 9);
    expect(Math.abs(after.futility - before.futility)).toBeLessThan(0.02);
  });

  it('is never worse than the truth alone by more than a factor of 2, nor than the correction alone', () => {
    fc.assert(
      fc.property(ledgers, (ledger) => {
        const both = evidenceOf(ledger, 0.5);
        const alone = plainOf(ledger.truth);
        for (const side of ['superiority', 'harm', 'futility'] as const)
          expect(both[side]).toBeGreaterThanOrEqual(alone[side] - Math.LN2 - 1e-9);
        expect(both.superiority).toBeGreaterThanOrEqual(logMixtureE(ledger.corrected, 0) - Math.LN2 - 1e-9);
        expect(both.harm).toBeGreaterThanOrEqual(logHarmE(ledger.corrected) - Math.LN2 - 1e-9);
      }),
    );
  });

  it('where labels are not missing at random, forgets the correction and gains nothing by it', () => {
    fc.assert(
      fc.property(ledgers, (ledger) => {
        const shifted = evidenceOf(ledger, 0.5, true);
        const before = evidenceOf(ledger, 0.5);
        const alone = plainOf(ledger.truth);
        for (const side of ['superiority', 'harm', 'futility'] as const) {
          expect(shifted[side]).toBeCloseTo(alone[side] - Math.LN2, 9);
          expect(shifted[side]).toBeLessThanOrEqual(before[side] + 1e-9);
        }
      }),
    );
  });

  it('scales the smallest effect worth waiting for like the differences', () => {
    // All differences are exactly mde: that is no evidence against a mean of mde.
    const weight = 0.5;
    const corrected = { '1': 1000 };
    const { futility } = evidenceOf({ truth: { '2': 1000 }, corrected }, weight);
    expect(futility).toBeLessThanOrEqual(1e-9);
    expect(evidenceOf({ truth: {}, corrected: { '0': 4000 } }, weight).futility).toBeGreaterThan(
      Math.log(10),
    );
  });
});
