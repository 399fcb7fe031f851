import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../test/vectors/off-policy.json' with { type: 'json' };
import { doublyRobustValue } from './doubly-robust.ts';
import { effectiveSampleSize } from './effective-sample-size.ts';
import { inversePropensityValue, selfNormalisedValue } from './inverse-propensity.ts';
import { importanceWeights, type LoggedRound, type ModelledRound } from './logged-round.ts';
import type { OffPolicyEstimate, OffPolicyValue } from './off-policy-estimate.ts';
import { seededRandom } from './seeded-random.case.ts';

const small = { effectiveSampleMin: 1.01 };
const referenceRounds: readonly ModelledRound[] = vectors.rows.map((row) => ({
  reward: row.reward,
  propensity: row.propensity,
  targetPropensity: row.target[row.action]!,
  unreachable: 0,
  predicted: row.predicted[row.action]!,
  targetPredicted: row.target.reduce((sum, share, action) => sum + share * row.predicted[action]!, 0),
}));

function valueOf(estimate: OffPolicyEstimate): OffPolicyValue {
  if (estimate.kind === 'refused') throw new Error(`refused: ${estimate.reason}`);
  return estimate;
}

const estimators = [
  ['IPS', inversePropensityValue],
  ['SNIPS', selfNormalisedValue],
  ['DR', doublyRobustValue],
] as const;

/** A log of fifty rounds by an even coin, seen by a target that always plays heads. */
function coinLog(rounds: number, change: Partial<ModelledRound> = {}): readonly ModelledRound[] {
  return Array.from({ length: rounds }, (_, index) => ({
    reward: index % 3 === 0 ? 1 : 0,
    propensity: 0.5,
    targetPropensity: index % 2,
    unreachable: 0,
    predicted: 0.3,
    targetPredicted: 0.3,
    ...change,
  }));
}

describe('off-policy values', () => {
  it.each([
    ['IPS', inversePropensityValue, vectors.inversePropensity],
    ['SNIPS', selfNormalisedValue, vectors.selfNormalised],
    ['DR', doublyRobustValue, vectors.doublyRobust],
  ] as const)('%s agrees with the reference', (_, estimate, reference) => {
    expect(Math.abs(valueOf(estimate(referenceRounds, small)).value - reference)).toBeLessThan(1e-12);
  });

  it('have the errors of their terms', () => {
    // Weights 2, 0, 1, 1 and rewards 1, 1, 0, 1: IPS terms 2, 0, 0, 1 with mean .75 and squared deviations 2.75.
    const rounds = [
      [1, 1],
      [1, 0],
      [0, 0.5],
      [1, 0.5],
    ].map(([reward = 0, targetPropensity = 0]) => ({
      reward,
      propensity: 0.5,
      targetPropensity,
      unreachable: 0,
    }));
    const ips = valueOf(inversePropensityValue(rounds, small));
    expect(ips).toMatchObject({ value: 0.75, rounds: 4, weightMean: 1, weightMax: 2 });
    expect(ips.standardError).toBeCloseTo(Math.sqrt(2.75 / 12), 12);
    expect(ips.effectiveSampleSize).toBeCloseTo(16 / 6, 12);
    // SNIPS 3/4: deviations 2·¼, 0, 1·(−¾), 1·¼.
    const snips = valueOf(selfNormalisedValue(rounds, small));
    expect(snips.value).toBeCloseTo(0.75, 12);
    expect(snips.standardError).toBeCloseTo(Math.sqrt(((4 / 16 + 9 / 16 + 1 / 16) * 4) / 3) / 4, 12);
    expect(snips.high - snips.low).toBeCloseTo(2 * 1.959963984540054 * snips.standardError, 12);
    // DR with predictions .5: terms .5 + w(r − .5) = 1.5, .5, 0, 1.
    const dr = valueOf(
      doublyRobustValue(
        rounds.map((round) => ({ ...round, predicted: 0.5, targetPredicted: 0.5 })),
        small,
      ),
    );
    expect(dr.value).toBeCloseTo(0.75, 12);
    expect(dr.standardError).toBeCloseTo(Math.sqrt((0.5625 * 2 + 0.0625 * 2) / 12), 12);
  });

  it('of the policy that made the log are its mean, with the error of a mean', () => {
    const rounds = coinLog(60, { propensity: 0.25, targetPropensity: 0.25 });
    for (const [, estimate] of estimators) {
      const found = valueOf(estimate(rounds));
      expect(found.value).toBeCloseTo(1 / 3, 12);
      expect(found.standardError).toBeCloseTo(Math.sqrt(((1 / 3) * (2 / 3)) / 59), 12);
      expect(found).toMatchObject({ effectiveSampleSize: 60, weightMean: 1 });
    }
  });

  it('SNIPS stays between the least and the greatest reward', () => {
    const round = fc.record({
      reward: fc.double({ min: 0.2, max: 0.7, noNaN: true }),
      propensity: fc.double({ min: 0.01, max: 1, noNaN: true }),
      targetPropensity: fc.double({ min: 0.01, max: 1, noNaN: true }),
      unreachable: fc.constant(0),
    });
    fc.assert(
      fc.property(fc.array(round, { minLength: 1, maxLength: 40 }), (rounds) => {
        const found = selfNormalisedValue(rounds, small);
        if (found.kind === 'refused') return;
        expect(found.value).toBeGreaterThanOrEqual(0.2 - 1e-12);
        expect(found.value).toBeLessThanOrEqual(0.7 + 1e-12);
      }),
    );
  });

  it('do not depend on the order of the log', () => {
    for (const [, estimate] of estimators) {
      const forwards = valueOf(estimate(referenceRounds, small));
      const backwards = valueOf(estimate(referenceRounds.toReversed(), small));
      expect(backwards.value).toBeCloseTo(forwards.value, 12);
      expect(backwards.standardError).toBeCloseTo(forwards.standardError, 12);
    }
  });
});

describe.each(estimators)('%s refuses', (_, estimate) => {
  it('below an effective sample size of 50, with value and bound', () => {
    // An even coin against a target that always plays heads leaves half of the rounds.
    expect(estimate(coinLog(98))).toEqual({
      kind: 'refused',
      reason: 'effective-sample-size',
      value: 49,
      bound: 50,
    });
    expect(estimate(coinLog(100)).kind).toBe('estimate');
    expect(estimate(coinLog(100), { effectiveSampleMin: 51 }).kind).toBe('refused');
  });

  it('an empty log, and one in which the target never plays what was played', () => {
    expect(estimate([])).toMatchObject({ kind: 'refused', reason: 'effective-sample-size', value: 0 });
    const never = coinLog(500, { targetPropensity: 0 });
    expect(estimate(never)).toMatchObject({ kind: 'refused', reason: 'effective-sample-size', value: 0 });
  });

  it('a single round where the target plays what the log could not, however long the log', () => {
    const unreachable = coinLog(2_000).with(7, { ...coinLog(1)[0]!, unreachable: 0.01 });
    const impossible = coinLog(2_000).with(7, { ...coinLog(1)[0]!, propensity: 0, targetPropensity: 0.2 });
    for (const log of [unreachable, impossible])
      expect(estimate(log)).toEqual({ kind: 'refused', reason: 'positivity', value: 1 / 2_000, bound: 0 });
  });

  it.each([
    { propensity: 1.2 },
    { propensity: Number.NaN },
    { targetPropensity: -0.1 },
    { unreachable: 2 },
    { reward: Infinity },
  ])('%j as no round of a log', (change) => {
    expect(() => estimate(coinLog(100, change))).toThrow(RangeError);
  });

  it('a bound that could never refuse', () => {
    expect(() => estimate(coinLog(100), { effectiveSampleMin: 1 })).toThrow(RangeError);
  });
});

describe('weights', () => {
  it('count what neither plays as nothing', () => {
    const nobody: LoggedRound = { reward: 1, propensity: 0, targetPropensity: 0, unreachable: 0 };
    expect(importanceWeights([nobody])).toEqual({ weights: [0], holes: 0 });
  });

  it('are worth as many observations as equal weights, and never more than there are', () => {
    expect(effectiveSampleSize([2, 2, 2])).toBeCloseTo(3, 12);
    expect(effectiveSampleSize([1, 0, 0])).toBe(1);
    expect(effectiveSampleSize([3, 1])).toBeCloseTo(1.6, 12);
    expect(effectiveSampleSize([])).toBe(0);
    expect(effectiveSampleSize([0, 0])).toBe(0);
    const weights = fc.array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(weights, (all) => {
        expect(effectiveSampleSize(all)).toBeGreaterThanOrEqual(1 - 1e-9);
        expect(effectiveSampleSize(all)).toBeLessThanOrEqual(all.length * (1 + 1e-9));
      }),
    );
  });
});

describe('in simulation', () => {
  /** Four actions, logged with .55/.25/.15/.05, wanted with .1/.2/.3/.4: the wanted value is .53. */
  const logged = [0.55, 0.25, 0.15, 0.05];
  const target = [0.1, 0.2, 0.3, 0.4];
  const means = [0.2, 0.4, 0.5, 0.7];
  const truth = 0.53;
  const model = [0.3, 0.35, 0.45, 0.65];
  const runs = 400;

  function drawLog(random: { readonly next: () => number }): readonly ModelledRound[] {
    return Array.from({ length: 1_500 }, () => {
      const draw = random.next();
      const action = draw < 0.55 ? 0 : draw < 0.8 ? 1 : draw < 0.95 ? 2 : 3;
      return {
        reward: random.next() < means[action]! ? 1 : 0,
        propensity: logged[action]!,
        targetPropensity: target[action]!,
        unreachable: 0,
        predicted: model[action]!,
        targetPredicted: model.reduce((sum, value, other) => sum + value * target[other]!, 0),
      };
    });
  }

  it.each(estimators)('%s hits the value of a policy that was never played', (_, estimate) => {
    const random = seededRandom(11);
    const found = Array.from({ length: runs }, () => valueOf(estimate(drawLog(random))));
    const bias = found.reduce((sum, { value }) => sum + value - truth, 0) / runs;
    const covered = found.filter(({ low, high }) => low <= truth && truth <= high).length / runs;
    expect(Math.abs(bias)).toBeLessThan(0.006);
    expect(covered).toBeGreaterThanOrEqual(0.92);
    expect(covered).toBeLessThanOrEqual(0.98);
  });

  it('the mean of the log is no substitute, and a model saves most of the error', () => {
    const log = drawLog(seededRandom(12));
    const mean = log.reduce((sum, { reward }) => sum + reward, 0) / log.length;
    expect(Math.abs(mean - truth)).toBeGreaterThan(0.15);
    const [ips, snips, dr] = estimators.map(([, estimate]) => valueOf(estimate(log)).standardError);
    expect(dr!).toBeLessThan(snips! * 1.02);
    expect(snips!).toBeLessThan(ips! * 0.8);
  });
});
