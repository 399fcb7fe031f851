import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalBelow } from './normal-below.ts';

describe('the chance that a standard normal variable stays below', () => {
  // Abramowitz and Stegun, table 26.1, and the tails by their asymptotic series.
  it.each([
    [0, 0.5],
    [1, 0.841_344_746_068_543],
    [1.96, 0.975_002_104_851_78],
    [-2.5, 0.006_209_665_325_776],
    [-6, 9.865_876_450_377e-10],
  ])('%d is %d', (x, expected) => {
    expect(Math.abs(normalBelow(x) / expected - 1)).toBeLessThan(1e-9);
  });

  it('a bound that is no bound is certain, or impossible', () => {
    expect([normalBelow(Infinity), normalBelow(-Infinity)]).toEqual([1, 0]);
  });

  it('and above a number are both tails of one, and grow with it', () => {
    const number = fc.double({ min: -8, max: 8, noNaN: true });
    fc.assert(
      fc.property(number, number, (x, y) => {
        expect(normalBelow(x) + normalBelow(-x)).toBeCloseTo(1, 12);
        if (x <= y) expect(normalBelow(x)).toBeLessThanOrEqual(normalBelow(y) + 1e-15);
      }),
    );
  });
});
