import { describe, expect, it } from 'vitest';
import type { Ledger } from '../domain/histogram.ts';
import { judgingOf, standingOf, type StartingTest } from './judge-standing.ts';

/** A judge that sees most of the truth, on n pairs. */
const keen = (n: number): Ledger => ({
  primary: { '0': n },
  judge: { '0': n },
  'agreement:j:100': { '100': 0.2 * n, '0': 0.02 * n },
  'agreement:j:0': { '100': 0.03 * n, '0': 0.5 * n, '-100': 0.03 * n },
  'agreement:j:-100': { '-100': 0.2 * n, '0': 0.02 * n },
});

/** One that says anything. */
const blind = (n: number): Ledger => ({
  'agreement:j:100': { '100': 0.25 * n, '-100': 0.25 * n },
  'agreement:j:-100': { '100': 0.25 * n, '-100': 0.25 * n },
});

/** One that seems to see a little, on 60 pairs. */
const slight: Ledger = {
  'agreement:j:100': { '100': 18, '-100': 12 },
  'agreement:j:-100': { '100': 12, '-100': 18 },
};

const starting = (ledgers: readonly Ledger[], change: Partial<StartingTest> = {}) =>
  judgingOf({
    judgeId: 'j',
    standing: standingOf(ledgers, 'j'),
    labelledShare: 0.1,
    patienceMs: 3_600_000,
    alphaLevel: 0.002,
    mde: 0.02,
    ...change,
  });

describe('judgingOf', () => {
  it('gives weight to a judge that has shown itself, by what all earlier tests found', () => {
    const judging = starting([keen(200), keen(200)]);
    expect(judging.weight).toBeGreaterThan(0.5);
    expect(judging).toMatchObject({ judgeId: 'j', isLearning: false, patienceMs: 3_600_000 });
    expect(judging.reason).toMatch(/agreement 0\.8\d in \[0\.\d\d, 0\.\d\d\] on 400 pairs, correlation 0\.8/);
  });

  it.each<[string, readonly Ledger[], Partial<StartingTest>, readonly [boolean, RegExp]]>([
    ['nothing is known', [], {}, [true, /known on 0 pairs/]],
    ['too little is known', [keen(40)], {}, [true, /known on 40 pairs, of 50/]],
    [
      'another judge was known',
      [keen(400)],
      { standing: standingOf([keen(400)], 'other') },
      [true, /on 0 pairs/],
    ],
    ['it may be chance', [blind(400)], {}, [true, /may be chance/]],
    ['it may still be chance', [slight], {}, [true, /agreement 0\.20 in \[-?\d.*may be chance/]],
    ['it has had its time', [blind(800)], {}, [false, /may be chance/]],
    ['nearly all have ground truth', [keen(400)], { labelledShare: 0.9 }, [false, /90 % of recent requests/]],
    ['there are no requests', [keen(400)], { labelledShare: null }, [true, /no recent request/]],
    [
      'labels were not missing at random',
      [{ ...keen(400), 'label-shift': { '50': 40, '0': 60 } }],
      {},
      [false, /not missing at random/],
    ],
    [
      'budgets left no room for unlabelled pairs',
      [{ ...keen(400), 'corrected:50': { '0': 400 }, judge: { '0': 400 } }],
      {},
      [false, /too little to pay/],
    ],
  ])('gives none where %s', (_, ledgers, change, [isLearning, reason]) => {
    const judging = starting(ledgers, change);
    expect(judging).toMatchObject({ weight: 0, isLearning });
    expect(judging.reason).toMatch(reason);
  });

  it('takes a judge back that exaggerates', () => {
    // Var J = .4, Cov = .2, four unlabelled pairs for each label: λ = .5 · 4/5.
    const loud: Ledger = {
      'agreement:j:100': { '50': 200 },
      'agreement:j:0': { '0': 600 },
      'agreement:j:-100': { '-50': 200 },
    };
    expect(starting([loud]).weight).toBeCloseTo(0.4, 1);
  });

  it('gives less where fewer unlabelled pairs are to be had', () => {
    const roomy = starting([keen(400)]).weight;
    const scarce = starting([{ ...keen(400), 'corrected:50': { '0': 400 }, judge: { '0': 800 } }]).weight;
    const labelled = starting([keen(400)], { labelledShare: 0.5 }).weight;
    expect(scarce).toBeGreaterThan(0);
    expect(scarce).toBeLessThan(roomy - 0.1);
    expect(labelled).toBeCloseTo(scarce, 6);
  });
});
