import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDifference,
  countOf,
  differenceKey,
  meanOf,
  mergeHistograms,
  type Histogram,
} from './histogram.ts';

const differences = fc.array(fc.double({ min: -1, max: 1, noNaN: true }));
const counted = (values: readonly number[]): Histogram =>
  values.reduce<Histogram>((histogram, value) => addDifference(histogram, value), {});

describe('histogram', () => {
  it('does not depend on the order or the shard in which differences arrived', () => {
    fc.assert(
      fc.property(differences, differences, (one, other) => {
        expect(mergeHistograms(counted(one), counted(other))).toEqual(counted([...other, ...one]));
      }),
    );
  });

  it('counts every difference once, at its value in hundredths', () => {
    fc.assert(
      fc.property(differences, (values) => {
        const histogram = counted(values);
        expect(countOf(histogram)).toBe(values.length);
        const mean = meanOf(histogram);
        if (values.length === 0) expect(mean).toBeNull();
        else
          expect(mean).toBeCloseTo(
            values.reduce((sum, value) => sum + differenceKey(value) / 100, 0) / values.length,
            9,
          );
      }),
    );
  });

  it.each([1.01, -1.01, Number.NaN])('refuses the impossible difference %d', (value) => {
    expect(() => differenceKey(value)).toThrow(RangeError);
  });

  it('rounds halves alike on both sides of zero, so that no half favours a side', () => {
    fc.assert(
      fc.property(fc.integer({ min: -200, max: 200 }), (halves) => {
        expect(differenceKey(halves / 200) + differenceKey(-halves / 200)).toBe(0);
      }),
    );
  });

  it('has one zero', () => {
    expect(Object.is(differenceKey(-0.001), 0)).toBe(true);
  });
});
