import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDifference, type Histogram } from '../domain/histogram.ts';
import { mergeJoints, type JointHistogram } from '../domain/joint-histogram.ts';
import { correlationOf, jointMoments, slopeOf } from './joint-moments.ts';

const hundredth = fc.integer({ min: -100, max: 100 }).map((key) => key / 100);
const pairs = fc.array(fc.tuple(hundredth, hundredth), { minLength: 3, maxLength: 40 });

function counted(values: readonly (readonly [number, number])[]): JointHistogram {
  const rows: Record<string, Histogram> = {};
  for (const [first, second] of values) {
    const row = String(Math.round(first * 100));
    rows[row] = addDifference(rows[row] ?? {}, second);
  }
  return rows;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('jointMoments', () => {
  it('are those of the list of pairs, and of replicas that were merged', () => {
    fc.assert(
      fc.property(pairs, fc.nat(), (values, cut) => {
        const at = cut % values.length;
        const moments = jointMoments(mergeJoints(counted(values.slice(at)), counted(values.slice(0, at))));
        const [meanFirst, meanSecond] = [
          mean(values.map(([one]) => one)),
          mean(values.map(([, one]) => one)),
        ];
        expect(moments?.count).toBe(values.length);
        expect(moments?.meanFirst).toBeCloseTo(meanFirst, 12);
        expect(moments?.meanSecond).toBeCloseTo(meanSecond, 12);
        expect(moments?.varianceFirst).toBeCloseTo(mean(values.map(([one]) => (one - meanFirst) ** 2)), 12);
        expect(moments?.varianceSecond).toBeCloseTo(
          mean(values.map(([, one]) => (one - meanSecond) ** 2)),
          12,
        );
        expect(moments?.covariance).toBeCloseTo(
          mean(values.map(([one, other]) => (one - meanFirst) * (other - meanSecond))),
          12,
        );
        expect(moments).toEqual(jointMoments(counted(values.toReversed())));
      }),
    );
  });

  it('are none where nothing was counted', () => {
    expect(jointMoments({})).toBeNull();
    expect(jointMoments({ '0': { '0': 0 } })).toBeNull();
  });
});

describe('correlationOf', () => {
  it.each([
    ['alike', { '100': { '100': 3 }, '-100': { '-100': 3 } }, 1],
    ['opposite', { '100': { '-50': 3 }, '-100': { '50': 3 } }, -1],
    ['unrelated', { '100': { '100': 1, '-100': 1 }, '-100': { '100': 1, '-100': 1 } }, 0],
    ['constant', { '100': { '100': 1, '-100': 1 } }, null],
  ])('of what is %s', (_, joint, expected) => {
    const moments = jointMoments(joint);
    const correlation = moments && correlationOf(moments);
    if (expected === null) expect(correlation).toBeNull();
    else expect(correlation).toBeCloseTo(expected, 12);
  });
});

describe('slopeOf', () => {
  it('finds a line without error', () => {
    const found = slopeOf({ '-100': { '-30': 2 }, '0': { '10': 3 }, '50': { '30': 1 } });
    expect(found?.slope).toBeCloseTo(0.4, 12);
    expect(found?.standardError).toBeCloseTo(0, 12);
  });

  it('has the sandwich’s error, which sees where the spread is', () => {
    // At ±1 the second value is ±1 at random, at 0 it is always 0: slope 0, Σ(x²·r²) = 4, Σx² = 4.
    const found = slopeOf({
      '-100': { '100': 1, '-100': 1 },
      '0': { '0': 4 },
      '100': { '100': 1, '-100': 1 },
    });
    expect(found?.slope).toBeCloseTo(0, 12);
    expect(found?.standardError).toBeCloseTo(0.5, 12);
  });

  it.each([
    ['too few', { '0': { '0': 1 }, '100': { '0': 1 } }],
    ['one place', { '0': { '0': 5, '10': 5 } }],
  ])('says nothing with %s', (_, joint) => {
    expect(slopeOf(joint)).toBeNull();
  });
});
