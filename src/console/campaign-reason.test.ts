import { expect, test } from 'vitest';
import type { Campaign } from '../domain/campaign.ts';
import { campaignReason } from './campaign-reason.ts';

const verdict: Campaign['verdict'] = {
  kind: 'promote',
  reason: 'better',
  evidence: {
    pairs: 120,
    meanDifference: 0.2,
    logSuperiority: 6.5,
    logHarm: 0,
    logFutility: 0,
    logThreshold: 6.2,
    guardrails: [],
  },
};
const step = (to: Campaign['state'], reason: string) => ({ from: 'shadow' as const, to, atMs: 1, reason });

test('one that passed and ended all the same says what ended it', () => {
  for (const state of ['inconclusive', 'rejected', 'rolled-back'] as const)
    expect(campaignReason({ state, verdict, history: [step(state, 'incumbent changed')] })).toBe(
      'incumbent changed',
    );
});

test('one that is under way or serves says its verdict, and its last step before there is one', () => {
  for (const state of ['shadow', 'canary', 'promoted'] as const)
    expect(campaignReason({ state, verdict, history: [step(state, 'a step')] })).toBe('better');
  expect(campaignReason({ state: 'screened', verdict: null, history: [step('screened', 'fits')] })).toBe(
    'fits',
  );
  expect(campaignReason({ state: 'proposed', verdict: null, history: [] })).toBe('');
});
