import { describe, expect, it } from 'vitest';
import type { Ledger } from '../domain/histogram.ts';
import { judgeEvidenceOf } from './judge-evidence.ts';

const judging = { judgeId: 'j', weight: 0.5, isLearning: false, patienceMs: 0, reason: '' };

/** A judge that adds .2 to the candidate's account: of 100 pairs, 20 that are ties it gives to the candidate. */
const kind: Ledger = {
  primary: { '100': 20, '0': 60, '-100': 20 },
  'agreement:j:100': { '100': 20, '0': 20 },
  'agreement:j:0': { '0': 40 },
  'agreement:j:-100': { '-100': 20 },
  'agreement-candidate:j:100': { '100': 30, '-100': 10 },
  'agreement-candidate:j:-100': { '-100': 40 },
  // Where the candidate's answer is twice as long the judge is half a point too kind, elsewhere it is not.
  'length:j:100': { '50': 20, '0': 20 },
  'length:j:0': { '0': 40 },
  'length:j:-100': { '0': 20 },
};

describe('judgeEvidenceOf', () => {
  it('measures bias, agreement and the lean to length', () => {
    const { calibration } = judgeEvidenceOf(kind, judging);
    expect(calibration?.pairs).toBe(100);
    expect(calibration?.bias.mean).toBeCloseTo(0.2, 12);
    expect(calibration?.bias.low).toBeGreaterThan(0);
    expect(calibration?.bias.low).toBeLessThan(0.2);
    expect(calibration?.bias.high).toBeGreaterThan(0.2);
    // Var J = .56, Var Y = .4, Cov = .4: κ = .8/(.96 + .04), ρ = .4/√.224.
    expect(calibration?.agreement.kappa).toBeCloseTo(0.8, 12);
    expect(calibration?.correlation).toBeCloseTo(0.4 / Math.sqrt(0.224), 12);
    expect(calibration?.onCandidate?.kappa).toBeCloseTo(0.75, 2);
    expect(calibration?.onIncumbent).toBeNull();
    // J − Y rises by 1 per doubling for half of the long ones: Cov/Var of length and twice the halves.
    expect(calibration?.lengthLean?.slope).toBeCloseTo((0.2 - 0.2 * 0.2) / (0.6 - 0.04), 12);
    expect(calibration?.lengthLean?.standardError).toBeGreaterThan(0);
  });

  it('bounds the bias ever more closely', () => {
    const rows = Object.entries(kind).map(([name, cells]) => [
      name,
      Object.fromEntries(Object.entries(cells).map(([key, count]) => [key, 100 * count])),
    ]);
    const { calibration } = judgeEvidenceOf(Object.fromEntries(rows), judging);
    expect(calibration?.bias.low).toBeGreaterThan(0.17);
    expect(calibration?.bias.low).toBeLessThan(0.2);
    expect(calibration?.bias.high).toBeLessThan(0.23);
  });

  it('tells the corrected difference, and what the pairs are worth', () => {
    const ledger = { ...kind, 'corrected:50': { '40': 10, '10': 50, '0': 30, '-30': 10 } };
    const { correctedDifference, effectivePairs, weight } = judgeEvidenceOf(ledger, judging);
    expect(weight).toBe(0.5);
    expect(correctedDifference).toBeCloseTo(2 * 0.06, 12);
    const varianceCorrected = (4 * (10 * 0.34 ** 2 + 50 * 0.04 ** 2 + 30 * 0.06 ** 2 + 10 * 0.36 ** 2)) / 99;
    expect(effectivePairs).toBeCloseTo((100 * (40 / 99)) / varianceCorrected, 9);
  });

  it('counts what was corrected with each weight by that weight, and what was not as it is', () => {
    const ledger: Ledger = {
      primary: { '0': 3, '100': 1 },
      'corrected:0': { '100': 1, '0': 1 },
      'corrected:50': { '10': 2 },
    };
    expect(judgeEvidenceOf(ledger, judging).correctedDifference).toBeCloseTo((1 + 0 + 0.2 + 0.2) / 4, 12);
    expect(judgeEvidenceOf({ ...ledger, 'corrected:50': {} }, judging).correctedDifference).toBeNull();
  });

  it('notices labels that are not missing at random', () => {
    expect(judgeEvidenceOf({ 'label-shift': { '50': 20, '0': 20 } }, judging).isShifted).toBe(true);
    expect(judgeEvidenceOf({ 'label-shift': { '50': 20, '-50': 20 } }, judging).isShifted).toBe(false);
  });

  it('without pairs claims nothing', () => {
    expect(judgeEvidenceOf({}, judging)).toEqual({
      weight: 0.5,
      correctedDifference: null,
      effectivePairs: null,
      logLabelShift: 0,
      isShifted: false,
      calibration: null,
    });
  });
});
