import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '../../runtime/seeded-random.ts';
import { chooseSetup } from './choose-setup.ts';
import { countAtPlace } from './count-at-place.ts';
import { firstPlace, type Place } from './place.ts';
import type { SetupOutcome } from './setup.ts';

const afterExemplars: Place = { gained: 'exemplars', missed: null };
const afterMiss: Place = { gained: 'exemplars', missed: 'opro' };
const prior = { gains: 1, tries: 6 };

const outcomes = (count: number, gain: number, place: Place, optimizer = 'opro'): readonly SetupOutcome[] =>
  Array.from({ length: count }, () => ({
    optimizer,
    batchSize: 3,
    horizon: 'episode',
    gain,
    cost: 300,
    weight: 1,
    place,
  }));

describe('what outcomes count at a place', () => {
  it('is the plain count while places do not differ by more than chance', () => {
    const all = [...outcomes(2, 1, firstPlace), ...outcomes(8, 0, firstPlace), ...outcomes(3, 0, afterMiss)];
    expect(countAtPlace(all, afterMiss, prior)).toEqual({ gains: 3, tries: 19 });
    expect(countAtPlace([], afterMiss, prior)).toEqual(prior);
  });

  it('is that of the place itself, and a little more, where places differ', () => {
    const all = [...outcomes(40, 0, firstPlace), ...outcomes(10, 1, afterExemplars)];
    const here = countAtPlace(all, afterExemplars, prior);
    expect(here.gains / here.tries).toBeGreaterThan(0.8);
    expect(here.tries).toBeGreaterThanOrEqual(12);
    expect(here.tries).toBeLessThan(14);
    const start = countAtPlace(all, firstPlace, prior);
    expect(start.gains / start.tries).toBeLessThan(0.05);
  });

  it('lets the same gain count before another miss does', () => {
    const all = [...outcomes(40, 0, firstPlace), ...outcomes(10, 1, afterExemplars)];
    const near = countAtPlace(all, afterMiss, prior);
    expect(near.gains / near.tries).toBeGreaterThan(0.8);
  });
});

/** Promotions in 8 tasks of 25 turns, the later ones knowing the earlier ones, in a world that says what pays where. */
function gainsIn(
  chanceOf: (optimizer: string, place: Place) => number,
  seed: number,
  isTold: boolean,
): number {
  const random = createSeededRandom(seed);
  const space = {
    optimizers: ['exemplars', 'opro', 'protegi', 'gepa'],
    batchSizes: [3],
    horizons: ['episode'],
  } as const;
  const past: SetupOutcome[] = [];
  let gains = 0;
  for (let task = 0; task < 8; task += 1) {
    const own: SetupOutcome[] = [];
    let place = firstPlace;
    for (let turn = 0; turn < 25; turn += 1) {
      const told = isTold ? place : firstPlace;
      const knowledge = { random, place: told, callsOf: () => 1, publishedBatch: () => 3 };
      const { optimizer } = chooseSetup(space, [...own, ...past], knowledge);
      const gain = random.next() < chanceOf(optimizer, place) ? 1 : 0;
      own.push(...outcomes(1, gain, told, optimizer));
      gains += gain;
      place = gain === 1 ? { gained: optimizer, missed: null } : { ...place, missed: optimizer };
    }
    past.push(...own.map((outcome) => ({ ...outcome, weight: 0.3 })));
  }
  return gains;
}

const totalOver = (seeds: number, run: (seed: number) => number): number =>
  Array.from({ length: seeds }, (_, seed) => run(seed)).reduce((sum, gains) => sum + gains, 0);

describe('an order of optimizers', () => {
  it('is learned where what pays depends on what has paid', () => {
    const chanceOf = (optimizer: string, { gained }: Place): number =>
      optimizer === gained ? 0.04 : optimizer === 'protegi' || optimizer === 'gepa' ? 0.35 : 0.06;
    const told = totalOver(20, (seed) => gainsIn(chanceOf, seed, true));
    const plain = totalOver(20, (seed) => gainsIn(chanceOf, seed, false));
    expect(told).toBeGreaterThan(1.04 * plain);
  });

  it('costs little to look for where there is none', () => {
    const chanceOf = (optimizer: string): number => (optimizer === 'protegi' ? 0.3 : 0.1);
    const told = totalOver(60, (seed) => gainsIn(chanceOf, seed, true));
    const plain = totalOver(60, (seed) => gainsIn(chanceOf, seed, false));
    expect(told).toBeGreaterThan(0.95 * plain);
  });
});
