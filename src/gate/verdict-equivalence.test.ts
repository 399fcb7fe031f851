import { describe, expect, it } from 'vitest';
import type { Ledger } from '../domain/histogram.ts';
import { defaultTaskConfig } from '../domain/task.ts';
import type { TestTerms } from '../domain/test-terms.ts';
import { termsOfTest } from './terms-of-test.ts';
import { alphaLevel } from './verdict.case.ts';
import { judgeLedgers } from './verdict.ts';

describe('judgeLedgers for equivalence', () => {
  const pruning: TestTerms = {
    ...termsOfTest(defaultTaskConfig, 'prune', 'best'),
    secondary: { name: 'tokens', mde: 0.02 },
  };
  const same = { '0': 700 };
  const cheaper = { '20': 400 };
  const dearer = { '-20': 400 };
  const kindOf = (ledger: Ledger, anchorId: string | null = 'best'): [string, string] => {
    const { verdict, outcome } = judgeLedgers(ledger, { terms: { ...pruning, anchorId }, alphaLevel });
    return [verdict.kind, outcome];
  };

  it.each<[string, Ledger, [string, string]]>([
    ['as good and cheaper', { primary: same, anchor: same, tokens: cheaper }, ['promote', 'neutral']],
    ['as good, but dearer', { primary: same, anchor: same, tokens: dearer }, ['reject', 'futile']],
    ['as good, but no cheaper', { primary: same, anchor: same, tokens: { '0': 400 } }, ['reject', 'futile']],
    [
      'cheaper, but not known to be as good as the anchor',
      { primary: same, tokens: cheaper },
      ['continue', 'neutral'],
    ],
    [
      'cheaper, but not known to be as good as the incumbent',
      { primary: { '0': 90 }, anchor: same, tokens: cheaper },
      ['continue', 'neutral'],
    ],
    [
      'cheaper and as good as the incumbent, but worse than the anchor',
      { primary: same, anchor: { '0': 500, '-100': 60 }, tokens: cheaper },
      ['reject', 'harmful'],
    ],
    ['better, but no cheaper', { primary: { '100': 60, '0': 640 }, anchor: same }, ['continue', 'neutral']],
    ['cheaper and nothing else known', { tokens: cheaper }, ['continue', 'neutral']],
  ])('%s', (_, ledger, expected) => {
    expect(kindOf(ledger)).toEqual(expected);
  });

  it('asks for no anchor beside an incumbent that is the anchor', () => {
    expect(kindOf({ primary: same, tokens: cheaper }, null)).toEqual(['promote', 'neutral']);
  });

  it('needs the level of the test for each part: at 1/500 471 ties for a margin of .02, instead of 286', () => {
    const pairsNeeded = (level: number): number => {
      for (let pairs = 30; ; pairs++) {
        const ledger = { primary: { '0': pairs }, tokens: cheaper };
        const { verdict } = judgeLedgers(ledger, {
          terms: { ...pruning, anchorId: null },
          alphaLevel: level,
        });
        if (verdict.kind === 'promote') return pairs;
      }
    };
    expect(pairsNeeded(1 / 20)).toBe(286);
    expect(pairsNeeded(1 / 500)).toBe(471);
  });

  it('tells the evidence of each part', () => {
    const ledger = { primary: same, anchor: { '0': 100 }, tokens: cheaper };
    const { verdict } = judgeLedgers(ledger, { terms: pruning, alphaLevel });
    expect(verdict.evidence.equivalence).toMatchObject({
      margin: 0.02,
      anchor: { variantId: 'best', pairs: 100, meanDifference: 0 },
      secondary: { name: 'tokens', pairs: 400, meanDifference: 0.2 },
    });
    expect(verdict.reason).toMatch(/least is score beside the anchor, log e 0\.\d\d of 6\.21/);
  });
});
