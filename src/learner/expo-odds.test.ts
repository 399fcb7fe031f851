import { describe, expect, it } from 'vitest';
import type { ExpoChoice } from '../domain/task.ts';
import { createSeededRandom } from '../runtime/seeded-random.ts';
import { expoProbabilities, forgettingExpo, publishedExpo } from '../stats/expo.ts';
import { networkTrainer, smallNetwork } from '../stats/score-network.ts';
import { expoOdds } from './expo-odds.ts';

const choices = [
  [1, 0],
  [0, 1],
  [0.6, 0.8],
];
const history = [
  { point: [1, 0], score: 0.4 },
  { point: [0, 1], score: 0.7 },
];
const odds = (expo?: ExpoChoice): readonly number[] =>
  expoOdds(history, choices, forgettingExpo, { random: createSeededRandom(7), ...(expo && { expo }) });

describe('the choice by EXPO', () => {
  it('is the optimizer’s own where nothing was said', () => {
    expect(odds()).toEqual(expoProbabilities(history, choices, forgettingExpo));
    expect(odds({ estimator: 'ridge' })).toEqual(odds());
  });

  it('takes what was said, the published settings too', () => {
    expect(odds({ floor: 0.3 })).toEqual(
      expoProbabilities(history, choices, { ...forgettingExpo, floor: 0.3 }),
    );
    expect(odds(publishedExpo)).toEqual(expoProbabilities(history, choices, publishedExpo));
  });

  it('goes by a network, the same one for the same seed', () => {
    const network = odds({ estimator: 'network' });
    const trainer = networkTrainer(smallNetwork, createSeededRandom(7));
    expect(network).toEqual(expoProbabilities(history, choices, forgettingExpo, trainer));
    expect(network).toEqual(odds({ estimator: 'network' }));
    expect(network).not.toEqual(odds());
  });
});
