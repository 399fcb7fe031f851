import { describe, expect, it } from 'vitest';
import vectors from '../../test/vectors/doubly-robust-trace.json' with { type: 'json' };
import type { BanditState } from '../domain/bandit-state.ts';
import { decayState } from './decay.ts';
import { armFloor, mixFloor } from './floor.ts';
import { addIncrement } from './merge.ts';
import { lossOf, observationIncrement } from './observe.ts';
import { provenPlan } from './plans.case.ts';
import { startBandit } from './reconcile.ts';
import { tsallisPolicy } from './tsallis-policy.ts';

const lossesOf = (state: BanditState): number[] => Object.values(state.arms).map(({ L }) => L);
const served = (state: BanditState): readonly number[] =>
  mixFloor(
    tsallisPolicy.probabilities(lossesOf(state), state.n),
    [0, 1, 2].map(() => armFloor(1, 3, 0.1)),
    1,
  );
const expectClose = (found: readonly number[], expected: readonly number[]): void =>
  found.forEach((value, arm) => expect(value).toBeCloseTo(expected[arm]!, 9));

describe('observationIncrement', () => {
  it('follows the reference, feedback by feedback', () => {
    let state = startBandit(provenPlan(3));
    for (const { probabilitiesBefore, arm, loss, answerWeight, lossesAfter } of vectors.trace) {
      expectClose(served(state), probabilitiesBefore);
      const decayed = decayState(state, 1000, 1);
      const observation = {
        variantId: `arm${arm}`,
        propensity: probabilitiesBefore[arm]!,
        reward: 1 - loss,
      };
      const { increment, weight } = observationIncrement(decayed, observation, tsallisPolicy, answerWeight);
      const { implicitExploration } = tsallisPolicy.rates(decayed.n, 3);
      expect(weight).toBeCloseTo(answerWeight / (probabilitiesBefore[arm]! + implicitExploration), 12);
      state = addIncrement(decayed, increment);
      expectClose(lossesOf(state), lossesAfter);
    }
    expectClose(served(state), vectors.probabilitiesAfter);
    expect(state.feedbacks).toBe(vectors.trace.length);
  });

  it.each([
    { propensity: 0, reward: 1 },
    { propensity: 1.1, reward: 1 },
    { propensity: Number.NaN, reward: 1 },
    { propensity: 0.5, reward: 1.01 },
    { propensity: 0.5, reward: -0.01 },
  ])('refuses %j', (given) => {
    const state = startBandit(provenPlan(2));
    expect(() => observationIncrement(state, { variantId: 'arm0', ...given }, tsallisPolicy, 1)).toThrow(
      RangeError,
    );
  });
});

describe('lossOf', () => {
  it('is what the reward lacks of 1', () => {
    expect([0, 0.25, 1].map(lossOf)).toEqual([1, 0.75, 0]);
    expect(() => lossOf(Number.NaN)).toThrow(RangeError);
  });
});
