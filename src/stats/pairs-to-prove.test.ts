import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logMixtureE } from './log-mixture-e.ts';
import { pairsToProve } from './pairs-to-prove.ts';

const log20 = Math.log(20);

describe('pairsToProve', () => {
  // Medians of simulations: statistics.md, section 3.
  it.each([
    ['binary, 20 % discordant', 0.05, 0.2 - 0.05 ** 2, 586],
    ['binary, 20 % discordant', 0.1, 0.2 - 0.1 ** 2, 144],
    ['binary, 40 % discordant', 0.1, 0.4 - 0.1 ** 2, 310],
    ['graded', 0.02, 0.19 ** 2, 710],
    ['graded', 0.05, 0.19 ** 2, 178],
    ['continuous', 0.02, 0.15 ** 2, 475],
    ['continuous', 0.05, 0.15 ** 2, 143],
  ])('is within a sixth of the simulated median: %s, +%d', (_, effect, variance, median) => {
    expect(Math.abs(pairsToProve({ effect, variance, logThreshold: log20 }) / median - 1)).toBeLessThan(
      1 / 6,
    );
  });

  it.each([0.02, 0.1])('is exact for ties and a margin of %d', (margin) => {
    const pairs = pairsToProve({ effect: 0, variance: 0, logThreshold: log20, margin });
    expect(logMixtureE({ '0': pairs }, margin)).toBeGreaterThanOrEqual(log20);
    expect(logMixtureE({ '0': pairs - 1 }, margin)).toBeLessThan(log20);
  });

  it('never ends without an effect', () => {
    expect(pairsToProve({ effect: 0, variance: 0.1, logThreshold: log20 })).toBe(Infinity);
    expect(pairsToProve({ effect: -0.1, variance: 0.1, logThreshold: log20 })).toBe(Infinity);
  });

  it('grows with noise and with the evidence asked for, and falls with the effect', () => {
    const effect = fc.double({ min: 0.01, max: 0.3, noNaN: true });
    const variance = fc.double({ min: 0.001, max: 0.5, noNaN: true });
    fc.assert(
      fc.property(effect, variance, (gain, spread) => {
        const question = { effect: gain, variance: spread, logThreshold: log20 };
        const pairs = pairsToProve(question);
        expect(pairsToProve({ ...question, variance: 2 * spread })).toBeGreaterThanOrEqual(pairs);
        expect(pairsToProve({ ...question, logThreshold: Math.log(500) })).toBeGreaterThan(pairs);
        expect(pairsToProve({ ...question, effect: 1.5 * gain })).toBeLessThanOrEqual(pairs);
      }),
    );
  });

  it.each([
    { effect: 0.1, variance: -1, logThreshold: 1 },
    { effect: 0.1, variance: 0.1, logThreshold: 0 },
    { effect: 0.1, variance: 0.1, logThreshold: 1, margin: 1 },
  ])('refuses %j', (question) => {
    expect(() => pairsToProve(question)).toThrow(RangeError);
  });
});
