import { describe, expect, it } from 'vitest';
import { defaultTaskConfig, type TaskConfig } from '../domain/task.ts';
import type { ShadowRun } from '../domain/shadow-run.ts';
import type { WeightedComparison } from './graders/comparison.ts';
import { ledgersOf, ratingLedgers } from './judge-ledgers.ts';
import { averageDifferences, differencesOf } from './pair-differences.ts';

const config: TaskConfig = {
  ...defaultTaskConfig,
  graders: [...defaultTaskConfig.graders, { kind: 'judge', rubric: 'r', weight: 1 }],
};
const names = ratingLedgers('j');

function run(text: string): ShadowRun {
  return {
    taskId: 't',
    variantId: 'v',
    decisionId: 'd',
    completion: { text, toolCalls: [], finishReason: 'stop', refusal: null },
    usage: { inputTokens: 1, outputTokens: 1 },
    latencyMs: 1,
    costUsd: 0,
    grades: [],
    atMs: 0,
  };
}

const said = (difference: -1 | 0 | 1, candidate: number, incumbent: number): WeightedComparison => ({
  weight: 1,
  comparison: { kind: 'compared', difference, passes: { candidate, incumbent }, reasons: [] },
});

function measures(
  candidate: string,
  incumbent: string,
  comparison: WeightedComparison,
  expected: string | null,
) {
  const pair = { candidate: run(candidate), incumbent: run(incumbent), expected };
  const request = { model: 'm', messages: [{ role: 'user', content: 'Which queue?' }] };
  return differencesOf(config, { ...pair, request, comparisons: [comparison] });
}

/** Measured of every pair. */
const equal = { refusal: 0, cost: 0, latency: 0, tokens: 0 };

describe('ledgersOf', () => {
  it('enters opinion and truth on pair and answers, and how opinion goes with length', () => {
    // Right but short against wrong and about twice as long, which the judge likes.
    const unit = measures('bug', 'account', said(-1, 0.5, 1), 'bug');
    expect(ledgersOf(unit, 'j')).toEqual({
      primary: 1,
      judge: -1,
      ...equal,
      [`${names.pairs}:-100`]: 1,
      [`${names.candidate}:0`]: 1,
      [`${names.incumbent}:100`]: -1,
      [`${names.length}:-100`]: -1,
    });
  });

  it('has no ratings without truth, without an opinion, or without a judge to put them down to', () => {
    const unlabelled = measures('bug', 'account', said(-1, 0, 1), null);
    expect(ledgersOf(unlabelled, 'j')).toEqual({ judge: -1, ...equal });
    const silent = { weight: 1, comparison: { kind: 'missing', reason: 'x' } } as const;
    expect(ledgersOf(measures('bug', 'account', silent, 'bug'), 'j')).toEqual({ primary: 1, ...equal });
    expect(ledgersOf(measures('bug', 'account', said(1, 1, 0), 'bug'), null)).toEqual({
      primary: 1,
      judge: 1,
      ...equal,
    });
  });

  it('takes the means over a conversation first', () => {
    const unit = averageDifferences([
      measures('bug', 'account', said(1, 1, 0), 'bug'),
      measures('account', 'account', said(0, 1, 1), 'account'),
    ]);
    expect(ledgersOf(unit, 'j')).toMatchObject({
      primary: 0.5,
      judge: 0.5,
      [`${names.pairs}:50`]: 0.5,
      [`${names.candidate}:100`]: 1,
      [`${names.incumbent}:0`]: 0,
      [`${names.length}:-50`]: 0,
    });
  });
});
