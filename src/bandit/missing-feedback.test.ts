import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ArmSums } from '../domain/bandit-state.ts';
import { answerWeight } from './missing-feedback.ts';

const arm = (sel: number, obs: number): ArmSums => ({ L: 0, N: 0, S: 0, sel, obs });

describe('answerWeight', () => {
  it.each([
    ['no windows have closed', { a: arm(0, 0), b: arm(0, 0) }, 1],
    ['19 windows are too few', { a: arm(19, 0), b: arm(100, 100) }, 1],
    ['the arm is unknown', { b: arm(100, 50) }, 1],
    ['all arms answer alike', { a: arm(100, 50), b: arm(100, 50) }, 1],
    // q̄ = 61/122 = .5 and q̂ = (10 + 2.5)/(20 + 5) = .5.
    ['20 windows are enough', { a: arm(20, 10), b: arm(100, 50) }, 1],
    // q̄ = 101/202 = .5, q̂ = (25 + 2.5)/(100 + 5).
    ['it answers half as often', { a: arm(100, 25), b: arm(100, 75) }, 0.5 / (27.5 / 105)],
    ['it never answers', { a: arm(10_000, 0), b: arm(10_000, 10_000) }, 5],
    ['it alone answers', { a: arm(100, 100), b: arm(100_000, 0) }, 0.2],
  ])('%s', (_, arms, expected) => {
    expect(answerWeight(arms, 'a')).toBeCloseTo(expected, 12);
  });

  it('lies in [.2, 5]', () => {
    const counts = fc
      .tuple(fc.nat(10_000), fc.double({ min: 0, max: 1, noNaN: true }))
      .map(([sel, share]) => arm(sel, Math.floor(sel * share)));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('a', 'b', 'c'), counts), (arms) => {
        const weight = answerWeight(arms, 'a');
        expect(weight).toBeGreaterThanOrEqual(0.2);
        expect(weight).toBeLessThanOrEqual(5);
      }),
    );
  });
});
