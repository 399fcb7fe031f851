import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meanDifference, type SampleSums } from './mean-difference.ts';

const sumsOf = (values: readonly number[]): SampleSums => ({
  count: values.length,
  sum: values.reduce((sum, value) => sum + value, 0),
  squares: values.reduce((sum, value) => sum + value * value, 0),
});

describe('meanDifference', () => {
  it('is the pooled two-sample difference', () => {
    // Variances 1 and 4 with 2 degrees of freedom each: pooled 2.5.
    const found = meanDifference(sumsOf([1, 2, 3]), sumsOf([2, 4, 6]));
    expect(found?.difference).toBeCloseTo(-2, 12);
    expect(found?.standardError).toBeCloseTo(Math.sqrt(2.5 * (2 / 3)), 12);
  });

  it('knows nothing of an empty sample, and no error from two values', () => {
    expect(meanDifference(sumsOf([]), sumsOf([1]))).toBeNull();
    expect(meanDifference(sumsOf([1]), sumsOf([]))).toBeNull();
    expect(meanDifference(sumsOf([1]), sumsOf([0]))).toEqual({ difference: 1, standardError: null });
  });

  it('never has the root of a negative variance', () => {
    const sample = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(sample, sample, (one, other) => {
        expect(meanDifference(sumsOf(one), sumsOf(other))?.standardError).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
