import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '../../runtime/seeded-random.ts';
import { chooseSetup, type SetupKnowledge } from './choose-setup.ts';
import { firstPlace } from './place.ts';
import { batchSizes, type ChosenSetup, type SetupOutcome, type SetupSpace } from './setup.ts';

const space: SetupSpace = { optimizers: ['cheap', 'dear'], batchSizes, horizons: ['episode', 'step'] };
const knowledge = (seed: number): SetupKnowledge => ({
  random: createSeededRandom(seed),
  place: firstPlace,
  callsOf: (optimizer) => (optimizer === 'dear' ? 8 : 1),
  publishedBatch: () => 3,
});
const outcome = (change: Partial<SetupOutcome> = {}): SetupOutcome => ({
  optimizer: 'cheap',
  batchSize: 3,
  horizon: 'episode',
  gain: 0,
  cost: 300,
  weight: 1,
  place: firstPlace,
  ...change,
});
const times = (count: number, change: Partial<SetupOutcome>): readonly SetupOutcome[] =>
  Array.from({ length: count }, () => outcome(change));

/** Choices under 400 seeds. */
const choices = (outcomes: readonly SetupOutcome[], within: SetupSpace = space): readonly ChosenSetup[] =>
  Array.from({ length: 400 }, (_, seed) => chooseSetup(within, outcomes, knowledge(seed)));
const share = (all: readonly ChosenSetup[], is: (chosen: ChosenSetup) => boolean): number =>
  all.filter(is).length / all.length;

describe('the choice of a setup', () => {
  it('is the same for the same draws and outcomes', () => {
    const outcomes = times(3, { gain: 1 });
    expect(chooseSetup(space, outcomes, knowledge(5))).toEqual(chooseSetup(space, outcomes, knowledge(5)));
  });

  it('tries a cheap optimizer first, and none never', () => {
    const first = share(choices([]), ({ optimizer }) => optimizer === 'cheap');
    expect(first).toBeGreaterThan(0.6);
    expect(first).toBeLessThan(1);
  });

  it('goes to what was promoted, and leaves what was not', () => {
    const outcomes = [
      ...times(8, {}),
      ...times(4, { optimizer: 'dear', gain: 1 }),
      ...times(4, { optimizer: 'dear' }),
    ];
    expect(share(choices(outcomes), ({ optimizer }) => optimizer === 'dear')).toBeGreaterThan(0.85);
  });

  it('weighs promotions by what they cost', () => {
    const outcomes = [
      ...times(10, { gain: 1, cost: 2_000 }),
      ...times(10, { cost: 2_000 }),
      ...times(10, { optimizer: 'dear', gain: 1, cost: 200 }),
      ...times(10, { optimizer: 'dear', cost: 200 }),
    ];
    expect(share(choices(outcomes), ({ optimizer }) => optimizer === 'dear')).toBeGreaterThan(0.95);
  });

  it('learns a batch size with one optimizer from what it did with another', () => {
    const outcomes = [
      ...times(10, { optimizer: 'other', batchSize: 20, gain: 1 }),
      ...times(10, { optimizer: 'other', batchSize: 1 }),
    ];
    const chosen = choices(outcomes);
    const twenty = share(chosen, ({ batchSize }) => batchSize === 20);
    expect(twenty).toBeGreaterThan(3 * share(chosen, ({ batchSize }) => batchSize === 1));
    expect(twenty).toBeLessThan(1);
  });

  it('keeps to what it may choose from', () => {
    const narrow: SetupSpace = { optimizers: ['dear'], batchSizes: [7], horizons: ['step'] };
    expect(chooseSetup(narrow, [], knowledge(1))).toMatchObject({
      optimizer: 'dear',
      batchSize: 7,
      horizon: 'step',
    });
    const own = { ...knowledge(1), publishedBatch: () => null };
    expect(chooseSetup(narrow, [], own).batchSize).toBeNull();
    expect(() => chooseSetup({ ...narrow, optimizers: [] }, [], knowledge(1))).toThrow(RangeError);
  });

  it('counts outcomes of other tasks for less', () => {
    const good = (weight: number): readonly SetupOutcome[] =>
      times(6, { optimizer: 'dear', gain: 1, weight });
    const isDear = ({ optimizer }: ChosenSetup): boolean => optimizer === 'dear';
    expect(share(choices(good(0.3)), isDear)).toBeLessThan(share(choices(good(1)), isDear));
  });

  it('goes to what was promoted at this place of the order', () => {
    const place = { gained: 'exemplars', missed: null };
    const outcomes = [
      ...times(12, { gain: 1 }),
      ...times(12, { place }),
      ...times(12, { optimizer: 'dear' }),
      ...times(6, { optimizer: 'dear', gain: 1, place }),
      ...times(6, { optimizer: 'dear', place }),
    ];
    const shareAt = (at: SetupKnowledge['place']): number => {
      const chosen = Array.from({ length: 200 }, (_, seed) =>
        chooseSetup(space, outcomes, { ...knowledge(seed), place: at }),
      );
      return share(chosen, ({ optimizer }) => optimizer === 'dear');
    };
    expect(shareAt(place)).toBeGreaterThan(0.85);
    expect(shareAt(firstPlace)).toBeLessThan(0.15);
    expect(chooseSetup(space, outcomes, { ...knowledge(1), place }).reason).toBe(
      '6.0 of 24.0 proposals promoted; 6.0 of 12.0 of these after a gain by exemplars, as now; 300 calls each; drew 0.42',
    );
  });

  it('says why without any text of a prompt', () => {
    expect(chooseSetup(space, times(2, { gain: 1 }), knowledge(3)).reason).toMatch(
      /^\d+\.\d of \d+\.\d proposals promoted; \d+ calls each; drew 0\.\d+$/,
    );
  });
});
