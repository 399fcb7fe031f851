import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  expoProbabilities,
  forgettingExpo,
  publishedExpo,
  publishedExpoExemplars,
  type ScoredPoint,
} from './expo.ts';
import { fitRidge } from './ridge.ts';
import { seededRandom } from './seeded-random.case.ts';

const arms = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/** Plays Bernoulli arms whose means may change, and tells how often the best of the moment was played in a stretch. */
function play(
  settings: typeof publishedExpo,
  means: (round: number) => readonly number[],
  seed: number,
): readonly boolean[] {
  const random = seededRandom(seed);
  const history: ScoredPoint[] = [];
  return Array.from({ length: 80 }, (_, round) => {
    const probabilities = expoProbabilities(history, arms, settings);
    let left = random.next();
    const chosen = Math.max(
      0,
      probabilities.findIndex((probability) => (left -= probability) < 0),
    );
    const now = means(round);
    history.push({ point: arms[chosen] ?? [], score: random.next() < (now[chosen] ?? 0) ? 1 : 0 });
    return now[chosen] === Math.max(...now);
  });
}

const share = (played: readonly boolean[]): number => played.filter(Boolean).length / played.length;

describe('EXPO', () => {
  it('has the published settings: sums of all rounds, equal weights, no floor, η 100 and 10', () => {
    expect(publishedExpo).toEqual({ eta: 100, sumDecay: 1, dataDecay: 1, floor: 0 });
    expect(publishedExpoExemplars.eta).toBe(10);
  });

  it('adds what each estimator of the past says, and takes the softmax', () => {
    const history = [
      { point: [1, 0, 0], score: 0.5 },
      { point: [0, 1, 0], score: 0.8 },
    ];
    const sums = arms.map((arm) =>
      [1, 2].reduce((sum, rounds) => sum + fitRidge(history.slice(0, rounds), 0.1)(arm), 0),
    );
    const weights = sums.map((sum) => Math.exp(10 * sum));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    expoProbabilities(history, arms, publishedExpoExemplars).forEach((probability, index) => {
      expect(probability).toBeCloseTo((weights[index] ?? 0) / total, 9);
    });
  });

  it('takes any estimator', () => {
    const calls: number[] = [];
    const [, second = 0] = expoProbabilities(
      [{ point: [1], score: 1 }],
      [[0], [1]],
      { ...publishedExpo, eta: 1 },
      (seen) => {
        calls.push(seen.length);
        return (point) => point[0] ?? 0;
      },
    );
    expect(calls).toEqual([1]);
    expect(second).toBeCloseTo(Math.E / (1 + Math.E), 12);
  });

  it('gives probabilities, each at least its share of the floor', () => {
    const observation = fc.record({
      point: fc.constantFrom(...arms),
      score: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(
        fc.array(observation, { maxLength: 8 }),
        fc.constantFrom(publishedExpo, forgettingExpo),
        (history, settings) => {
          const probabilities = expoProbabilities(history, arms, settings);
          expect(probabilities.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 9);
          for (const probability of probabilities)
            expect(probability).toBeGreaterThanOrEqual(settings.floor / 3);
        },
      ),
    );
    expect(expoProbabilities([], arms, publishedExpo)).toEqual([1 / 3, 1 / 3, 1 / 3]);
    expect(expoProbabilities([], [], publishedExpo)).toEqual([]);
  });

  it('with forgetting and a floor finds a best that changed, where the published sums hold on to the old one', () => {
    const flip = (round: number): readonly number[] => (round < 40 ? [0.9, 0.1, 0.1] : [0.1, 0.1, 0.9]);
    const after = (settings: typeof publishedExpo): number =>
      [1, 2, 3, 4, 5, 6].reduce((sum, seed) => sum + share(play(settings, flip, seed).slice(55)), 0) / 6;
    const [published, forgetting] = [
      after(publishedExpo),
      after({ ...forgettingExpo, dataDecay: 0.9, sumDecay: 0.8 }),
    ];
    expect(forgetting).toBeGreaterThan(published + 0.2);
  });

  it.each([{ eta: 0 }, { sumDecay: 0 }, { dataDecay: 1.1 }, { floor: 1 }])('refuses %o', (change) => {
    expect(() => expoProbabilities([], arms, { ...publishedExpo, ...change })).toThrow(RangeError);
  });
});
