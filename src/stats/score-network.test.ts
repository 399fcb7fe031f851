import { describe, expect, it } from 'vitest';
import { expoProbabilities, publishedExpoExemplars } from './expo.ts';
import { fitRidge } from './ridge.ts';
import {
  networkTrainer,
  publishedExemplarNetwork,
  publishedNetwork,
  smallNetwork,
  type NetworkSettings,
} from './score-network.ts';
import { seededRandom } from './seeded-random.case.ts';

/** Four points on which no linear function is right: exclusive or. */
const exclusive = [
  { point: [0, 0], score: 0.2 },
  { point: [1, 0], score: 0.8 },
  { point: [0, 1], score: 0.8 },
  { point: [1, 1], score: 0.2 },
];

describe('a score network', () => {
  it('has the published sizes', () => {
    expect(publishedNetwork).toEqual({ hidden: 1536, rate: 1e-3, epochs: 50, batch: 64 });
    expect(publishedExemplarNetwork).toEqual({ ...publishedNetwork, hidden: 512 });
  });

  it.each<[string, NetworkSettings]>([
    ['published', { ...publishedNetwork, epochs: 400 }],
    ['small', { ...smallNetwork, epochs: 600 }],
  ])('of the %s width learns what no ridge regression can', (_, settings) => {
    const predict = networkTrainer(settings, seededRandom(1))(exclusive);
    const ridge = fitRidge(exclusive, 0.1);
    for (const { point, score } of exclusive) {
      expect(Math.abs(predict(point) - score)).toBeLessThan(0.1);
      expect(Math.abs(ridge(point) - score)).toBeGreaterThan(0.25);
    }
  });

  it('is the same for the same draws, and another for others', () => {
    const of = (seed: number): number =>
      networkTrainer(smallNetwork, seededRandom(seed))(exclusive)([1, 0.5]);
    expect(of(3)).toBe(of(3));
    expect(of(3)).not.toBe(of(4));
  });

  it('begins each fit with the same weights, and predicts the weighted mean untrained', () => {
    const train = networkTrainer({ ...smallNetwork, epochs: 0 }, seededRandom(1));
    const weighted = [
      { point: [1, 0], score: 1, weight: 3 },
      { point: [0, 1], score: 0, weight: 1 },
    ];
    expect(train(weighted)([1, 1])).toBeCloseTo(0.75, 12);
    const full = networkTrainer({ ...smallNetwork, batch: 4 }, seededRandom(2));
    expect(full(exclusive)([1, 0])).toBeCloseTo(full(exclusive)([1, 0]), 12);
  });

  it('counts observations by their weights', () => {
    const at = (weight: number): number =>
      networkTrainer(
        { ...smallNetwork, epochs: 300 },
        seededRandom(1),
      )([
        { point: [1, 0], score: 1, weight },
        { point: [1, 0], score: 0 },
      ])([1, 0]);
    expect(at(9)).toBeCloseTo(0.9, 2);
    expect(at(1)).toBeCloseTo(0.5, 2);
  });

  it('predicts 0 without observations, and refuses settings out of range', () => {
    expect(networkTrainer(smallNetwork, seededRandom(1))([])([1, 2])).toBe(0);
    for (const change of [{ hidden: 0 }, { rate: 0 }, { epochs: -1 }, { batch: 0.5 }])
      expect(() => networkTrainer({ ...smallNetwork, ...change }, seededRandom(1))).toThrow(RangeError);
  });

  it('is an estimator of EXPO: sums over the networks of all rounds, as published', () => {
    const choices = exclusive.map(({ point }) => point);
    const odds = (): readonly number[] =>
      expoProbabilities(
        exclusive,
        choices,
        publishedExpoExemplars,
        networkTrainer(publishedExemplarNetwork, seededRandom(5)),
      );
    const train = networkTrainer(publishedExemplarNetwork, seededRandom(5));
    const rounds = exclusive.map((_, round) => train(exclusive.slice(0, round + 1)));
    const weights = choices.map((choice) =>
      Math.exp(10 * rounds.reduce((sum, predict) => sum + predict(choice), 0)),
    );
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    odds().forEach((probability, index) => expect(probability).toBeCloseTo((weights[index] ?? 0) / total, 9));
    expect(odds()).toEqual(odds());
  });
});
