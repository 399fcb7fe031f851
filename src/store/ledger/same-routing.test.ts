import { describe, expect, it } from 'vitest';
import type { Routing } from '../../domain/bandit-state.ts';
import { isSameRouting } from './same-routing.ts';

const routing: Routing = {
  planVersion: 2,
  incumbentId: 'baseline',
  probabilities: { baseline: 0.9, v1: 0.1 },
  klMax: 0.005,
  atFeedback: 50,
  atMs: 1000,
};

describe('isSameRouting', () => {
  it.each<[string, Partial<Routing>, boolean]>([
    ['a copy', { probabilities: { v1: 0.1, baseline: 0.9 } }, true],
    ['a step that changed no probability', { klMax: 0.01, atFeedback: 100, atMs: 2000 }, true],
    ['another plan', { planVersion: 3 }, false],
    ['another incumbent', { incumbentId: 'v1' }, false],
    ['another probability', { probabilities: { baseline: 0.8, v1: 0.2 } }, false],
    ['a further arm', { probabilities: { baseline: 0.9, v1: 0.1, v2: 0 } }, false],
    ['another arm', { probabilities: { baseline: 0.9, v2: 0.1 } }, false],
  ])('%s', (_, change, isSame) => {
    expect(isSameRouting(routing, { ...routing, ...change })).toBe(isSame);
  });
});
