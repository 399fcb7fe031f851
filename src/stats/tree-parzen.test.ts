import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from './seeded-random.case.ts';
import {
  logDensity,
  splitTrials,
  startupTrials,
  suggestChoices,
  type Choices,
  type ScoredChoices,
} from './tree-parzen.ts';

const sizes = [6, 8];

/** Best at (4, 5), .9; the further away, the worse. */
function worth([one = 0, other = 0]: Choices): number {
  return 0.9 - 0.1 * Number(one !== 4) - 0.1 * Number(other !== 5) - 0.01 * Math.abs(other - 5);
}

function search(seed: number, trials: number, isModelled: boolean): readonly ScoredChoices[] {
  const random = seededRandom(seed + 1);
  const tried: ScoredChoices[] = [];
  for (let trial = 0; trial < trials; trial += 1) {
    const choices = suggestChoices(sizes, isModelled ? tried : [], random) ?? [];
    tried.push({ choices, value: worth(choices) + 0.04 * (random.next() - 0.5) });
  }
  return tried;
}

describe('the Parzen estimator', () => {
  it('finds the known optimum of a noisy function sooner than chance', () => {
    const shareFound = (isModelled: boolean): number => {
      const seeds = Array.from({ length: 200 }, (_, seed) => seed);
      return (
        seeds.filter((seed) =>
          search(seed, 40, isModelled).some(({ choices }) => choices[0] === 4 && choices[1] === 5),
        ).length / seeds.length
      );
    };
    // By chance 1 − (47/48)^40 = .57.
    expect(shareFound(false)).toBeLessThan(0.65);
    expect(shareFound(true)).toBeGreaterThan(0.8);
  });

  it('spends its later trials near the optimum', () => {
    const late = Array.from({ length: 50 }, (_, seed) => search(seed, 60, true).slice(40)).flat();
    const mean = late.reduce((sum, { choices }) => sum + worth(choices), 0) / late.length;
    // The mean over all choices is .71; the estimator goes on exploring.
    expect(mean).toBeGreaterThan(0.74);
  });

  it('is uniform before it has seen enough', () => {
    const tried = Array.from({ length: startupTrials - 1 }, () => ({ choices: [0, 0], value: 1 }));
    const random = seededRandom(1);
    const firsts = Array.from({ length: 600 }, () => suggestChoices(sizes, tried, random)?.[0]);
    for (let choice = 0; choice < 6; choice += 1)
      expect(firsts.filter((first) => first === choice).length).toBeGreaterThan(60);
  });

  it('never chooses what is not wanted, though it be the best', () => {
    const tried = search(1, 40, true);
    const random = seededRandom(1);
    for (let draw = 0; draw < 50; draw += 1)
      expect(suggestChoices(sizes, tried, random, ([one]) => one !== 4)?.[0]).not.toBe(4);
    expect(suggestChoices(sizes, tried, random, () => false)).toBeUndefined();
    expect(suggestChoices(sizes, [], random, () => false)).toBeUndefined();
  });

  it('has densities that sum to 1', () => {
    const choice = fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 3 }));
    fc.assert(
      fc.property(fc.array(choice, { maxLength: 12 }), (trials) => {
        let sum = 0;
        for (let one = 0; one < 3; one += 1)
          for (let other = 0; other < 4; other += 1)
            sum += Math.exp(logDensity([3, 4], trials, [one, other]));
        expect(sum).toBeCloseTo(1, 12);
      }),
    );
  });

  it('weighs a kernel as the formula says', () => {
    // One trial of 2 categories: the prior 1/2, and (1 + 1/2) / (1 + 2/2) = 3/4 where it hits.
    expect(Math.exp(logDensity([2], [[1]], [1]))).toBeCloseTo((1 / 2 + 3 / 4) / 2, 12);
    expect(Math.exp(logDensity([2], [[1]], [0]))).toBeCloseTo((1 / 2 + 1 / 4) / 2, 12);
  });

  it.each([
    [10, 1],
    [11, 2],
    [400, 25],
  ])('takes of %d trials the best %d', (trials, expected) => {
    const tried = Array.from({ length: trials }, (_, value) => ({ choices: [value], value }));
    const { good, rest } = splitTrials(tried);
    expect(good).toHaveLength(expected);
    expect(good[0]).toEqual([trials - 1]);
    expect(rest).toHaveLength(trials - expected);
  });

  it('refuses choices that do not exist', () => {
    const random = seededRandom(1);
    expect(() => suggestChoices([0], [], random)).toThrow(RangeError);
    expect(() => suggestChoices([2], [{ choices: [2], value: 1 }], random)).toThrow(RangeError);
    expect(() => suggestChoices([2], [{ choices: [1], value: NaN }], random)).toThrow(RangeError);
  });
});
