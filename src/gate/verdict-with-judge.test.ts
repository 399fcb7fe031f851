import { describe, expect, it } from 'vitest';
import type { Ledger } from '../domain/histogram.ts';
import { terms } from './verdict.case.ts';
import { judgeLedgers } from './verdict.ts';

describe('judgeLedgers with a judge', () => {
  // On the truth alone 12 wins to 2 are short of the level; corrected, they are not.
  const primary = { '100': 12, '0': 84, '-100': 2 };
  const corrected = { '50': 24, '0': 74 };
  const judging = { judgeId: 'j', weight: 0.5, isLearning: false, patienceMs: 0, reason: '' };
  const kindOf = (ledger: Ledger): string =>
    judgeLedgers(ledger, { terms, alphaLevel: 0.01, judging }).verdict.kind;

  it('that corrects pairs, promotes on them; one that does not counts for nothing', () => {
    expect(kindOf({ primary })).toBe('continue');
    expect(kindOf({ primary, 'corrected:0': primary })).toBe('continue');
    expect(kindOf({ primary, 'corrected:50': corrected })).toBe('promote');
  });

  it('leaves it out where labels are found not to be missing at random', () => {
    const ledger = { primary, 'corrected:50': corrected, 'label-shift': { '50': 20, '0': 20 } };
    const { verdict } = judgeLedgers(ledger, { terms, alphaLevel: 0.01, judging });
    expect(verdict.kind).toBe('continue');
    expect(verdict.reason).toMatch(/the judge is left out: ground truth is not missing at random/);
    expect(verdict.evidence.judge).toMatchObject({ isShifted: true, weight: 0.5 });
  });

  it('does not promote on it before 30 pairs have ground truth', () => {
    const few = { primary: { '100': 20 }, 'corrected:50': { '50': 20 } };
    expect(kindOf({ judge: { '100': 500 }, ...few })).toBe('continue');
    expect(kindOf({ judge: { '100': 500 } })).toBe('continue');
  });

  it('rejects on harm and on futility that it makes plain', () => {
    const harm = { primary: { '-100': 3, '0': 60 } };
    expect(kindOf({ ...harm, 'corrected:50': { '-30': 33, '0': 30 } })).toBe('reject');
    expect(kindOf(harm)).toBe('continue');
    expect(kindOf({ primary: { '0': 130 }, 'corrected:50': { '0': 1000 } })).toBe('reject');
  });

  it('tells what it was worth', () => {
    const { verdict } = judgeLedgers(
      { primary, 'corrected:50': corrected },
      { terms, alphaLevel: 0.01, judging },
    );
    expect(verdict.evidence).toMatchObject({ pairs: 98, judge: { weight: 0.5, isShifted: false } });
    expect(verdict.evidence.judge?.correctedDifference).toBeCloseTo(24 / 98, 9);
    // Var Y = .133, Var Z = 4·.0467.
    expect(verdict.evidence.judge?.effectivePairs).toBeCloseTo(70.2, 1);
    expect(verdict.reason).toMatch(/worth 70 with the judge/);
    expect(judgeLedgers({ primary }, { terms, alphaLevel: 0.01 }).verdict.evidence.judge).toBeUndefined();
  });
});
