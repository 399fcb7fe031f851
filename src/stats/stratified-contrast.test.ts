import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../test/vectors/stratified-contrast.json' with { type: 'json' };
import { contrastFreedom, contrastVariance } from './contrast-error.ts';
import type { DrawnReward } from './drawn-reward.ts';
import { seededRandom } from './seeded-random.case.ts';
import {
  stratifiedContrast,
  type Contrast,
  type RewardsByStratum,
  type StratifiedContrast,
} from './stratified-contrast.ts';

function found(contrast: StratifiedContrast): Contrast {
  if (contrast.kind === 'not-identified') throw new Error(contrast.reason);
  return contrast;
}

/** Rewards by stratum, all drawn with probability ½. */
function drawn(...strata: readonly (readonly number[])[]): RewardsByStratum {
  return new Map(
    strata.map((rewards, index) => [String(index), rewards.map((reward) => ({ reward, propensity: 0.5 }))]),
  );
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const variance = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1);

describe('stratifiedContrast', () => {
  it.each(vectors.cases)('agrees with explicit matrices: $name', (reference) => {
    const side = (treated: number): RewardsByStratum =>
      Map.groupBy(
        reference.rows.filter((row) => row.treated === treated),
        ({ stratum }) => String(stratum),
      );
    const contrast = found(stratifiedContrast(side(1), side(0)));
    expect(Math.abs(contrast.estimate - reference.estimate)).toBeLessThan(1e-11);
    expect(Math.abs(contrast.standardError - reference.standardError)).toBeLessThan(1e-11);
    expect(Math.abs(contrast.freedom - reference.freedom)).toBeLessThan(1e-8);
  });

  it('is Welch’s contrast in a single stratum', () => {
    const treated = [0.9, 0, 1, 1, 0.1];
    const control = [0.1, 1, 0.9, 0];
    const contrast = found(stratifiedContrast(drawn(treated), drawn(control)));
    expect(contrast.estimate).toBeCloseTo(mean(treated) - mean(control), 12);
    expect(contrast.standardError).toBeCloseTo(Math.sqrt(variance(treated) / 5 + variance(control) / 4), 12);
    expect(contrast.freedom).toBeCloseTo((1 / 5 + 1 / 4) ** 2 / (1 / (25 * 4) + 1 / (16 * 3)), 9);
    expect(contrast).toMatchObject({ strata: 1, treated: 5, control: 4 });
  });

  it('is the paired t-test in strata of one pair', () => {
    const treated = [0.9, 0.2, 1, 0, 0.4];
    const control = [0.1, 0.8, 0, 0.6, 0.5];
    const differences = treated.map((reward, index) => reward - control[index]!);
    const alone = (rewards: readonly number[]): RewardsByStratum =>
      drawn(...rewards.map((reward) => [reward]));
    const contrast = found(stratifiedContrast(alone(treated), alone(control)));
    expect(contrast.estimate).toBeCloseTo(mean(differences), 12);
    expect(contrast.standardError).toBeCloseTo(Math.sqrt(variance(differences) / 5), 12);
    expect(contrast.freedom).toBeCloseTo(4, 9);
    // t(.975; 4) = 2.776445.
    expect(contrast.high - contrast.estimate).toBeCloseTo(2.7764451051978 * contrast.standardError, 9);
  });

  it('weighs strata by n₁n₀/(n₁ + n₀)', () => {
    const treated = drawn([1, 0, 1], [0, 0, 0, 1, 1, 1]);
    const control = drawn([0, 0, 1, 1, 0, 0], [1, 0]);
    // Differences 2/3 − 1/3 and 1/2 − 1/2, weights 18/9 and 12/8.
    expect(found(stratifiedContrast(treated, control)).estimate).toBeCloseTo((2 * (1 / 3)) / 3.5, 12);
  });

  it('does not change when a stratum’s level does, nor by strata that saw one side alone', () => {
    const rewards = fc.array(fc.double({ min: 0, max: 0.5, noNaN: true }), { minLength: 2, maxLength: 6 });
    const strata = fc.array(fc.tuple(rewards, rewards, fc.double({ min: 0, max: 0.5, noNaN: true })), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(strata, (all) => {
        const plain = found(
          stratifiedContrast(
            drawn(...all.map(([treated]) => treated)),
            drawn(...all.map(([, control]) => control)),
          ),
        );
        const shift = (side: readonly number[], level: number) => side.map((reward) => reward + level);
        const shifted = found(
          stratifiedContrast(
            drawn(...all.map(([treated, , level]) => shift(treated, level)), []),
            drawn(...all.map(([, control, level]) => shift(control, level)), [0.3, 1]),
          ),
        );
        expect(shifted.estimate).toBeCloseTo(plain.estimate, 9);
        expect(shifted.standardError).toBeCloseTo(plain.standardError, 9);
        expect(shifted.freedom).toBeCloseTo(plain.freedom, 6);
        expect(shifted.treated).toBe(plain.treated);
      }),
    );
  });

  it('turns around when the sides are exchanged', () => {
    const [one, other] = [drawn([1, 0, 0.2], [0.4]), drawn([0, 0.3], [0.9, 0.1])];
    const forwards = found(stratifiedContrast(one, other));
    const backwards = found(stratifiedContrast(other, one));
    expect(backwards.estimate).toBeCloseTo(-forwards.estimate, 12);
    expect(backwards.standardError).toBeCloseTo(forwards.standardError, 12);
    expect(backwards.low).toBeCloseTo(-forwards.high, 12);
  });

  it('says that nothing overlaps, or too little', () => {
    const apart = stratifiedContrast(drawn([1, 0, 1], []), drawn([], [0, 1]));
    expect(apart).toEqual({ kind: 'not-identified', reason: 'no-overlap' });
    const alone = stratifiedContrast(drawn([1], [0, 0, 0]), drawn([0, 1, 1], []));
    expect(alone).toEqual({ kind: 'not-identified', reason: 'too-few' });
    expect(found(stratifiedContrast(drawn([1], [0]), drawn([0], [1]))).freedom).toBeCloseTo(1, 9);
  });

  it.each([
    { reward: 1.1, propensity: 0.5 },
    { reward: Number.NaN, propensity: 0.5 },
    { reward: 1, propensity: 0 },
    { reward: 1, propensity: 1.2 },
  ])('refuses %j', (observation: DrawnReward) => {
    expect(() => stratifiedContrast(new Map([['0', [observation]]]), drawn([1]))).toThrow(RangeError);
  });
});

describe('what a small sample does not show', () => {
  it('is not taken for certainty: equal rewards leave an interval of about 3/n', () => {
    const contrast = found(stratifiedContrast(drawn(Array(30).fill(1)), drawn(Array(30).fill(1))));
    expect(contrast.estimate).toBe(0);
    expect(contrast.standardError).toBeCloseTo(Math.SQRT2 / 30, 12);
    expect(contrast.high).toBeGreaterThan(2.5 / 30);
  });

  it('is covered for failures of one in a hundred', () => {
    const random = seededRandom(21);
    const runs = 2_000;
    const side = (failures: number): RewardsByStratum =>
      drawn(Array.from({ length: 60 }, () => (random.next() < failures ? 0 : 1)));
    const covered = Array.from({ length: runs }, () =>
      found(stratifiedContrast(side(0.06), side(0.01))),
    ).filter(({ low, high }) => low <= -0.05 && -0.05 <= high).length;
    expect(covered / runs).toBeGreaterThan(0.92);
  });

  it('is covered in few and small strata', () => {
    const random = seededRandom(22);
    const runs = 4_000;
    const side = (size: number, effect: number): RewardsByStratum =>
      drawn(
        ...[0.2, 0.4, 0.6, 0.8].map((level) =>
          Array.from({ length: size }, () => (random.next() < level + effect ? 1 : 0)),
        ),
      );
    let covered = 0;
    for (let run = 0; run < runs; run++) {
      const { low, high } = found(stratifiedContrast(side(3, 0.1), side(6, 0)));
      covered += low <= 0.1 && 0.1 <= high ? 1 / runs : 0;
    }
    expect(covered).toBeGreaterThan(0.93);
    expect(covered).toBeLessThan(0.98);
  });
});

describe('propensities that move within a stratum', () => {
  /** The candidate’s share falls from .5 to .1 while everything gets better, by .3: no effect at all. */
  function log(
    random: { readonly next: () => number },
    asLogged: boolean,
  ): readonly [RewardsByStratum, RewardsByStratum] {
    const sides: { readonly treated: DrawnReward[]; readonly control: DrawnReward[] } = {
      treated: [],
      control: [],
    };
    for (let episode = 0; episode < 600; episode++) {
      const share = 0.5 - 0.4 * (episode / 600);
      const treated = random.next() < share;
      const reward = random.next() < 0.4 + 0.3 * (episode / 600) ? 1 : 0;
      const propensity = asLogged ? (treated ? share : 1 - share) : 0.5;
      sides[treated ? 'treated' : 'control'].push({ reward, propensity });
    }
    return [new Map([['0', sides.treated]]), new Map([['0', sides.control]])];
  }

  it.each([
    ['do not bias the contrast when it is told of them', true],
    ['bias it when it is not', false],
  ] as const)('%s', (_, asLogged) => {
    const random = seededRandom(23);
    const runs = 600;
    const contrasts = Array.from({ length: runs }, () => found(stratifiedContrast(...log(random, asLogged))));
    const bias = mean(contrasts.map(({ estimate }) => estimate));
    const covered = contrasts.filter(({ low, high }) => low <= 0 && 0 <= high).length / runs;
    if (asLogged) {
      expect(Math.abs(bias)).toBeLessThan(0.006);
      expect(covered).toBeGreaterThanOrEqual(0.92);
      expect(covered).toBeLessThanOrEqual(0.98);
    } else expect(bias).toBeLessThan(-0.025);
  });
});

describe('the error of a contrast', () => {
  it('has a floor of variance 1/n on either side alone', () => {
    const side = (deviation: number, residual: number) => ({
      deviation,
      leverage: 0.25,
      weights: [1, 1, 1, 1],
      residuals: [residual, residual, residual, residual],
    });
    const strata = [{ size: 8, treated: side(0.5, 0), control: side(-0.5, 0.6) }];
    // S = 8/4: each moves the estimate by ¼. Floor 4/16/4 on one side, 4·(.15)²/.75 on the other.
    expect(contrastVariance(strata, 2)).toBeCloseTo(0.0625 + 0.12, 12);
    expect(contrastFreedom(strata, 2)).toBeCloseTo(6, 9);
  });
});
