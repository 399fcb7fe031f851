import { describe, expect, it } from 'vitest';
import type { Campaign } from '../domain/campaign.ts';
import type { Ledger } from '../domain/histogram.ts';
import { defaultTaskConfig } from '../domain/task.ts';
import { makeVariant } from '../domain/variant.ts';
import type { Verdict } from '../domain/verdict.ts';
import { recomputeVerdict } from './recompute-verdict.ts';
import { termsOfTest } from './terms-of-test.ts';
import { testOf } from './test-of.ts';
import { judgeLedgers } from './verdict.ts';

const variant = makeVariant('t', 1, [{ op: 'insert', text: 'x', intent: '' }]);
const proposal = {
  variant,
  parentId: 'baseline',
  optimizer: 'o',
  originCampaignId: null,
  shownDecisionIds: [],
  shownTraceIds: [],
  costUsd: 0,
  atMs: 0,
};
const campaign: Campaign = {
  id: 'c',
  taskId: 't',
  revision: 1,
  state: 'shadow',
  proposal,
  incumbentId: 'baseline',
  frozenAtMs: 0,
  screening: null,
  alphaLevel: 1 / 500,
  terms: termsOfTest(defaultTaskConfig),
  verdict: null,
  canary: null,
  history: [],
};
const ledger: Ledger = { primary: { '100': 40, '0': 60 }, refusal: { '0': 100 } };
const said = (over: Ledger): Verdict => judgeLedgers(over, testOf(campaign, defaultTaskConfig)).verdict;
const agreementOf = (verdict: Verdict | null, over: Ledger = ledger): string =>
  // As a database gives it back.
  recomputeVerdict({ ...campaign, verdict: JSON.parse(JSON.stringify(verdict)) }, over, defaultTaskConfig)
    .agreement;

describe('recomputeVerdict', () => {
  it('agrees with what the gate said of the same ledger, whatever the configuration has become', () => {
    const verdict = said(ledger);
    expect(agreementOf(verdict)).toBe('agrees');
    const config = { ...defaultTaskConfig, gate: { ...defaultTaskConfig.gate, mde: 0.3, isStrict: true } };
    expect(recomputeVerdict({ ...campaign, verdict }, ledger, config).agreement).toBe('agrees');
  });

  it.each<[string, Ledger]>([
    ['a pair more', { ...ledger, primary: { '100': 40, '0': 61 } }],
    ['a pair less', { ...ledger, primary: { '100': 40, '0': 59 } }],
    ['a pair changed', { ...ledger, primary: { '100': 39, '99': 1, '0': 60 } }],
    ['a guardrail’s pair changed', { ...ledger, refusal: { '0': 99, '-100': 1 } }],
  ])('notices %s after a promotion', (_, changed) => {
    expect(agreementOf(said(ledger), changed)).toBe('differs');
  });

  it('notices a verdict, a level or terms that were changed', () => {
    const verdict = said(ledger);
    expect(agreementOf({ ...verdict, kind: 'reject' })).toBe('differs');
    const lenient = { ...campaign, verdict, alphaLevel: 0.05 };
    expect(recomputeVerdict(lenient, ledger, defaultTaskConfig).agreement).toBe('differs');
    const terms = { ...termsOfTest(defaultTaskConfig), mde: 0.01 };
    expect(recomputeVerdict({ ...campaign, verdict, terms }, ledger, defaultTaskConfig).agreement).toBe(
      'differs',
    );
  });

  it('knows a test that goes on from one that says something else', () => {
    const few: Ledger = { primary: { '100': 4, '0': 6 } };
    expect(agreementOf(said(few))).toBe('behind');
    expect(agreementOf(said(ledger), few)).toBe('differs');
    expect(agreementOf({ ...said(few), kind: 'inconclusive', reason: '10 pairs in 14 days' }, few)).toBe(
      'agrees',
    );
    expect(agreementOf(null)).toBe('none');
  });

  it('names each e-value, what it refutes and its bar', () => {
    const { lines } = recomputeVerdict(campaign, ledger, defaultTaskConfig);
    expect(lines.map(({ name, effect }) => [name, effect])).toEqual([
      ['superiority', 'promote'],
      ['harm', 'reject'],
      ['futility', 'reject'],
      ['format', 'reject'],
      ['refusal', 'reject'],
    ]);
    expect(lines[0]).toMatchObject({ hypothesis: 'score difference ≤ 0', logThreshold: Math.log(500) });
  });
});
