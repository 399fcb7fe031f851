import { describe, expect, it } from 'vitest';
import type { Histogram } from '../domain/histogram.ts';
import { defaultTaskConfig } from '../domain/task.ts';
import { makeVariant } from '../domain/variant.ts';
import { anchorOf, type PastPromotion } from './anchor.ts';
import { termsOfTest } from './terms-of-test.ts';

const variantOf = (name: string) => makeVariant('t', 1, [{ op: 'insert', text: name, intent: '' }]);

function promotion(
  name: string,
  over: string,
  test: { readonly primary: Histogram; readonly anchor?: readonly [string, Histogram] },
): PastPromotion {
  const { anchor, primary } = test;
  const isEquivalence = anchor !== undefined;
  const idOf = (known: string): string => (known === 'baseline' ? known : variantOf(known).id);
  return {
    campaign: {
      proposal: {
        variant: variantOf(name),
        parentId: idOf(over),
        optimizer: 'o',
        originCampaignId: null,
        shownDecisionIds: [],
        shownTraceIds: [],
        costUsd: 0,
        atMs: 0,
      },
      incumbentId: idOf(over),
      alphaLevel: 1 / 500,
      terms: termsOfTest(
        defaultTaskConfig,
        isEquivalence ? 'prune' : 'improve',
        isEquivalence ? idOf(anchor[0]) : null,
      ),
    },
    ledger: { primary, ...(anchor === undefined ? {} : { anchor: anchor[1] }) },
  };
}

const better = { '100': 60, '0': 140 };
const hardlyBetter = { '3': 300 };
const same = { '0': 1000 };

describe('anchorOf', () => {
  it.each<[string, readonly PastPromotion[], string]>([
    ['the baseline, while nothing was promoted', [], 'baseline'],
    ['what was proven to be better', [promotion('a', 'baseline', { primary: better })], 'a'],
    [
      'the earlier one, where the later was only no worse',
      [
        promotion('a', 'baseline', { primary: better }),
        promotion('b', 'a', { primary: same, anchor: ['a', same] }),
      ],
      'a',
    ],
    [
      'the earliest one however long the chain of those that were no worse',
      [
        promotion('b', 'baseline', { primary: same, anchor: ['baseline', same] }),
        promotion('c', 'b', { primary: same, anchor: ['baseline', same] }),
        promotion('d', 'c', { primary: same, anchor: ['baseline', same] }),
      ],
      'baseline',
    ],
    [
      'the earlier one, where what was gained since is less than what may have been given away before',
      [
        promotion('b', 'baseline', { primary: same, anchor: ['baseline', { '-1': 900, '0': 300 }] }),
        promotion('c', 'b', { primary: { '1': 1500 } }),
      ],
      'baseline',
    ],
    [
      'the later one, where the gain is greater than that',
      [
        promotion('b', 'baseline', { primary: same, anchor: ['baseline', same] }),
        promotion('c', 'b', { primary: hardlyBetter }),
        promotion('d', 'c', { primary: better }),
      ],
      'd',
    ],
  ])('is %s', (_, promotions, expected) => {
    expect(anchorOf(promotions)).toBe(expected === 'baseline' ? expected : variantOf(expected).id);
  });
});
