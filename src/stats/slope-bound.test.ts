import { describe, expect, it } from 'vitest';
import { slopeBound } from './slope-bound.ts';

describe('the lower bound of a slope', () => {
  it('is the slope itself where points lie on a line', () => {
    const points = [-2, 0, 1, 5].map((x) => [x, 3 - 0.7 * x] as const);
    expect(slopeBound(points, 0.9)).toBeCloseTo(-0.7, 12);
  });

  it('is as in a textbook case', () => {
    // x = 1 … 5, y = 2, 4, 5, 4, 5: slope .6, residual sum 2.4, s.e. √(.8/10), t(.9, 3) = 1.637744.
    const points = [2, 4, 5, 4, 5].map((y, index) => [index + 1, y] as const);
    expect(slopeBound(points, 0.9)).toBeCloseTo(0.6 - 1.637_744 * Math.sqrt(0.08), 5);
  });

  it('is unknown for too few points, and where x does not vary', () => {
    expect(
      slopeBound(
        [
          [1, 1],
          [2, 2],
        ],
        0.9,
      ),
    ).toBeNull();
    expect(
      slopeBound(
        [
          [1, 1],
          [1, 2],
          [1, 3],
        ],
        0.9,
      ),
    ).toBeNull();
  });
});
