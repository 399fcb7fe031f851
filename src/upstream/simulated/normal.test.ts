import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalCdf, normalQuantile } from './normal.ts';

describe('normalCdf', () => {
  it.each([
    [-5, 2.866_515_718_791_946e-7],
    [-1.3, 0.096_800_484_585_610_34],
    [0, 0.5],
    [0.7, 0.758_036_347_776_927],
    [2, 0.977_249_868_051_820_8],
    [6.5, 0.999_999_999_959_84],
  ])('of %f is %f', (x, expected) => {
    expect(Math.abs(normalCdf(x) - expected)).toBeLessThan(1e-13);
  });

  it('is 0 and 1 far out', () => {
    expect([normalCdf(-40), normalCdf(40), normalCdf(-Infinity), normalCdf(Infinity)]).toEqual([0, 1, 0, 1]);
  });

  it('agrees with its other branch where the tail begins', () => {
    expect(normalCdf(-7.071_07) / normalCdf(-7.071_06)).toBeCloseTo(1, 3);
  });
});

describe('normalQuantile', () => {
  it.each([
    [1e-12, -7.034_483_825_301_132],
    [1e-5, -4.264_890_793_922_825_6],
    [0.024_25, -1.972_961_051_311_884_5],
    [0.3, -0.524_400_512_708_040_7],
    [0.5, 0],
    [0.75, 0.674_489_750_196_081_7],
    [0.9999, 3.719_016_485_455_708_4],
  ])('of %f is %f', (p, expected) => {
    expect(Math.abs(normalQuantile(p) - expected)).toBeLessThan(1e-12);
  });

  it('is infinite at the ends and not a number outside', () => {
    expect([normalQuantile(0), normalQuantile(1)]).toEqual([-Infinity, Infinity]);
    expect([normalQuantile(-0.1), normalQuantile(1.1)]).toEqual([NaN, NaN]);
  });

  it('is undone by normalCdf to 1e-9', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }), (p) => {
        expect(Math.abs(normalCdf(normalQuantile(p)) - p)).toBeLessThan(1e-9);
      }),
    );
  });
});
