import { describe, expect, it } from 'vitest';
import type { Histogram } from '../domain/histogram.ts';
import { decideBurst, decideByContrasts, type BurstDecision } from './burst.ts';

const worse: Histogram = { '-100': 20, '0': 40 };
const worst: Histogram = { '-100': 40, '0': 20 };
const equal: Histogram = { '0': 300 };
const open: Histogram = { '0': 40, '-100': 3, '100': 2 };
const shaky: Histogram = { '0': 520, '-100': 46, '100': 34 };
const steady: Histogram = { '0': 520, '-100': 40, '100': 40 };

function contests(...histograms: readonly Histogram[]): { opponentId: string; differences: Histogram }[] {
  return histograms.map((differences, index) => ({ opponentId: `o${index}`, differences }));
}

describe('decideBurst', () => {
  it.each<[string, readonly Histogram[], boolean, BurstDecision]>([
    ['nothing known yet', [{}, {}], false, { kind: 'continue' }],
    ['one opponent is better', [equal, worse], false, { kind: 'regression', toVariantId: 'o1' }],
    ['of two better ones the best', [worse, worst], false, { kind: 'regression', toVariantId: 'o1' }],
    [
      'of two equally good ones the nearest',
      [worse, worse],
      false,
      { kind: 'regression', toVariantId: 'o0' },
    ],
    ['no opponent is better', [equal, equal], false, { kind: 'upstream-drift' }],
    ['one is still open', [equal, open], false, { kind: 'continue' }],
    ['over, without sign of harm', [steady], false, { kind: 'upstream-drift' }],
    [
      'over, with a sign of harm',
      [steady, { '0': 500, '-100': 60, '100': 40 }],
      false,
      { kind: 'undecided', toVariantId: 'o1' },
    ],
    ['ended early without sign of harm', [open], true, { kind: 'upstream-drift' }],
    ['no opponents', [], false, { kind: 'upstream-drift' }],
  ])('%s', (_, histograms, isOver, expected) => {
    expect(decideBurst(contests(...histograms), isOver)).toEqual(expected);
  });

  it('needs more than a mean below zero', () => {
    expect(decideBurst(contests(shaky), true)).toEqual({ kind: 'upstream-drift' });
  });
});

describe('decideByContrasts', () => {
  it.each<[string, readonly Histogram[], BurstDecision]>([
    ['a better arm is live', [worse], { kind: 'regression', toVariantId: 'o0' }],
    ['live arms are no better', [{}, equal], { kind: 'upstream-drift' }],
    [
      'nothing can be told: the nearest way back',
      [{}, { '-100': 4 }],
      { kind: 'undecided', toVariantId: 'o0' },
    ],
  ])('%s', (_, histograms, expected) => {
    expect(decideByContrasts(contests(...histograms))).toEqual(expected);
  });
});
