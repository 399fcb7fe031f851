import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeWeight, pairsNeeded, type WeightQuestion } from './judge-weight.ts';

/** Right or wrong on both sides, a judge with correlation .8, nine unlabelled units for each label. */
const usual: WeightQuestion = {
  varianceTruth: 0.4,
  varianceJudged: 0.5,
  covariance: 0.8 * Math.sqrt(0.4 * 0.5),
  unlabelledPerLabel: 9,
  effect: 0.02,
  logThreshold: Math.log(500),
};

describe('judgeWeight', () => {
  it('is the weight of least variance where bets are free', () => {
    expect(judgeWeight(usual)).toBeCloseTo((usual.covariance / usual.varianceJudged) * 0.9, 2);
    expect(judgeWeight({ ...usual, unlabelledPerLabel: 2 })).toBeCloseTo(
      (usual.covariance / usual.varianceJudged) * (2 / 3),
      2,
    );
  });

  it('saves what the correlation promises, less the price of hedging', () => {
    const saved = pairsNeeded(usual, judgeWeight(usual)) / pairsNeeded(usual, 0);
    const promised = (1 - 0.64 * 0.9) * (1 + Math.LN2 / Math.log(500));
    expect(saved).toBeCloseTo(promised, 2);
  });

  it.each<[string, Partial<WeightQuestion>]>([
    ['a judge that sees nothing', { covariance: 0 }],
    ['one that sees the opposite', { covariance: -0.2 }],
    ['one that always says the same', { varianceJudged: 0 }],
    ['no unlabelled units', { unlabelledPerLabel: 0 }],
    ['a gain of less than a tenth', { covariance: 0.4 * Math.sqrt(0.4 * 0.5) }],
    ['a gain that would not pay for the hedge', { covariance: 0.3 * Math.sqrt(0.4 * 0.5) }],
    ['a large effect on scores of little spread', { varianceTruth: 0.02, covariance: 0.08, effect: 0.1 }],
  ])('is 0 for %s', (_, change) => {
    expect(judgeWeight({ ...usual, ...change })).toBe(0);
  });

  it('is smaller where bets are bounded', () => {
    const graded = { ...usual, varianceTruth: 0.04, varianceJudged: 0.05, covariance: 0.042 };
    const weight = judgeWeight(graded);
    expect(weight).toBeGreaterThan(0);
    expect(weight).toBeLessThan((graded.covariance / graded.varianceJudged) * 0.9 - 0.1);
  });

  it('lies in [0, 1], and never makes a test expect more pairs than without', () => {
    const unit = fc.double({ min: 0.001, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        unit,
        unit,
        fc.double({ min: -1, max: 1, noNaN: true }),
        unit,
        (truth, judged, rho, per) => {
          const question: WeightQuestion = {
            ...usual,
            varianceTruth: truth,
            varianceJudged: judged,
            covariance: rho * Math.sqrt(truth * judged),
            unlabelledPerLabel: 10 * per,
          };
          const weight = judgeWeight(question);
          expect(weight).toBeGreaterThanOrEqual(0);
          expect(weight).toBeLessThanOrEqual(1);
          expect(pairsNeeded(question, weight)).toBeLessThanOrEqual(pairsNeeded(question, 0));
        },
      ),
    );
  });
});
