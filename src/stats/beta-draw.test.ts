import { describe, expect, it } from 'vitest';
import { drawBeta } from './beta-draw.ts';
import { seededRandom } from './seeded-random.case.ts';

describe('beta draws', () => {
  it.each([
    [0.3, 2],
    [1, 1],
    [5, 15],
  ])('of shapes %d and %d have their mean and variance', (a, b) => {
    const random = seededRandom(7);
    const draws = Array.from({ length: 20_000 }, () => drawBeta(a, b, random));
    const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
    const variance = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / draws.length;
    expect(mean).toBeCloseTo(a / (a + b), 2);
    expect(variance).toBeCloseTo((a * b) / ((a + b) ** 2 * (a + b + 1)), 2);
    expect(draws.every((draw) => draw >= 0 && draw <= 1)).toBe(true);
  });

  it('refuse shapes that no distribution has', () => {
    expect(() => drawBeta(0, 1, seededRandom(1))).toThrow(RangeError);
    expect(() => drawBeta(1, Number.NaN, seededRandom(1))).toThrow(RangeError);
  });
});
