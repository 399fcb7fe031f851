import { describe, expect, it } from 'vitest';
import { logMixtureOfValues, type CountedValues } from './log-mixture-e.ts';
import { meanInterval } from './mean-interval.ts';
import { seededRandom } from './seeded-random.case.ts';

const mirrored = (values: CountedValues): CountedValues =>
  values.map(([value, count]) => [0 - value, count] as const);

describe('meanInterval', () => {
  it('knows nothing without values, and holds every mean that is not refuted', () => {
    expect(meanInterval([], 0.05)).toEqual({ low: -1, high: 1 });
    const values = [
      [-0.5, 20],
      [0.125, 40],
      [1, 30],
    ] as const;
    const { low, high } = meanInterval(values, 0.1);
    const refutes = (cells: CountedValues, mean: number): boolean =>
      logMixtureOfValues(cells, 0 - mean) >= Math.log(20);
    expect(refutes(values, low)).toBe(true);
    expect(refutes(values, low + 0.001)).toBe(false);
    expect(refutes(mirrored(values), 0 - high)).toBe(true);
    expect(refutes(mirrored(values), 0 - high + 0.001)).toBe(false);
    expect(meanInterval(mirrored(values), 0.1).low).toBeCloseTo(0 - high, 12);
  });

  it('shrinks around the mean as values come', () => {
    const widths = [50, 500, 5000].map((count) => {
      const { low, high } = meanInterval(
        [
          [0, count],
          [1, count],
        ],
        0.05,
      );
      expect(low).toBeLessThan(0.5);
      expect(high).toBeGreaterThan(0.5);
      return high - low;
    });
    expect(widths[1]).toBeLessThan((widths[0] ?? 0) / 2);
    expect(widths[2]).toBeLessThan((widths[1] ?? 0) / 2);
    expect(widths[2]).toBeLessThan(0.06);
  });

  it('misses the mean at most α of the time, though it is looked at again and again', () => {
    const random = seededRandom(21);
    const runs = 200;
    let missed = 0;
    for (let run = 0; run < runs; run++) {
      const counts = [0, 0, 0];
      for (let unit = 1; unit <= 400; unit++) {
        const draw = random.next();
        const place = draw < 0.2 ? 0 : draw < 0.5 ? 2 : 1;
        counts[place] = (counts[place] ?? 0) + 1;
        if (unit % 20 !== 0) continue;
        const values = counts.map((count, index) => [index - 1, count] as const);
        const { low, high } = meanInterval(values, 0.2);
        if (low > 0.1 || high < 0.1) {
          missed++;
          break;
        }
      }
    }
    // The share is about .05; without the halving of α it would come near .2.
    expect(missed / runs).toBeLessThanOrEqual(0.12);
    expect(missed).toBeGreaterThan(0);
  });

  it.each([0, 1, Number.NaN])('refuses α %d', (alpha) => {
    expect(() => meanInterval([], alpha)).toThrow(RangeError);
  });
});
