import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Random } from '../domain/random.ts';
import {
  alarmThreshold,
  shiryaevRobertsValue,
  startMartingales,
  stepMartingales,
  watchBets,
  watchSlack,
} from './e-shiryaev-roberts.ts';
import { seededRandom } from './seeded-random.case.ts';

/** Rewards until the alarm, or `limit`. */
function runLength(
  watched: { readonly threshold: number; readonly limit: number; readonly level: number },
  reward: () => number,
): number {
  let martingales = startMartingales();
  for (let step = 1; step <= watched.limit; step++) {
    martingales = stepMartingales(martingales, reward(), watched.level, watchSlack);
    if (shiryaevRobertsValue(martingales) >= watched.threshold) return step;
  }
  return watched.limit;
}

const bernoulli = (random: Random, mean: number) => (): number => (random.next() < mean ? 1 : 0);

describe('the e-Shiryaev-Roberts watch', () => {
  it('bets from .02 to .9 in even ratios', () => {
    expect(watchBets).toHaveLength(12);
    expect(watchBets[0]).toBeCloseTo(0.02, 12);
    expect(watchBets[11]).toBeCloseTo(0.9, 12);
    expect(watchBets[1]! / watchBets[0]!).toBeCloseTo(watchBets[11]! / watchBets[10]!, 12);
  });

  it('steps by the formula', () => {
    const once = stepMartingales(startMartingales(), 0, 0.7, 0.02);
    once.forEach((value, index) => expect(value).toBeCloseTo(1 + (watchBets[index]! * 0.68) / 0.32, 12));
    const twice = stepMartingales(once, 1, 0.7, 0.02);
    twice.forEach((value, index) =>
      expect(value).toBeCloseTo((once[index]! + 1) * (1 - watchBets[index]!), 12),
    );
  });

  it('grows by exactly 1 a reward on average while the mean is level − slack', () => {
    const martingales = stepMartingales(startMartingales(), 0.3, 0.8, 0.1);
    const mean =
      0.7 * shiryaevRobertsValue(stepMartingales(martingales, 1, 0.8, 0.1)) +
      0.3 * shiryaevRobertsValue(stepMartingales(martingales, 0, 0.8, 0.1));
    expect(mean).toBeCloseTo(shiryaevRobertsValue(martingales) + 1, 12);
  });

  it('stays positive and finite, also through JSON, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 200 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (rewards, level) => {
          const martingales = rewards.reduce<readonly number[]>(
            (values, reward) => stepMartingales(values, reward, level),
            startMartingales(),
          );
          expect(martingales.every((value) => value >= 0 && Number.isFinite(value))).toBe(true);
          expect(JSON.parse(JSON.stringify(martingales))).toEqual(martingales);
        },
      ),
    );
    let martingales = startMartingales();
    for (let step = 0; step < 3_000; step++) martingales = stepMartingales(martingales, 0, 1);
    expect(Number.isFinite(shiryaevRobertsValue(martingales))).toBe(true);
  });

  it('runs for at least h rewards on average at the edge of what is unchanged', () => {
    const random = seededRandom(5);
    const watched = { threshold: 100, limit: 4_000, level: 0.72 };
    const lengths = Array.from({ length: 300 }, () => runLength(watched, bernoulli(random, 0.7)));
    expect(lengths.reduce((sum, length) => sum + length, 0) / lengths.length).toBeGreaterThanOrEqual(100);
  });

  it('finds a fall by .20 after about 89 rewards, without a false alarm before', () => {
    const random = seededRandom(7);
    const delays = Array.from({ length: 200 }, () => {
      let count = 0;
      const reward = (): number => (random.next() < (++count <= 500 ? 0.7 : 0.5) ? 1 : 0);
      return runLength({ threshold: alarmThreshold, limit: 3_000, level: 0.7 }, reward) - 500;
    }).toSorted((one, other) => one - other);
    expect(delays.filter((delay) => delay <= 0).length).toBeLessThanOrEqual(4);
    const median = delays[100]!;
    expect(median).toBeGreaterThan(70);
    expect(median).toBeLessThan(110);
  });

  it.each([
    [1.1, 0.7, 0.02],
    [Number.NaN, 0.7, 0.02],
    [0.5, -0.1, 0.02],
    [0.5, 1, 0],
    [0.5, 0.7, -0.02],
  ])('refuses reward %d at level %d with slack %d', (reward, level, slack) => {
    expect(() => stepMartingales(startMartingales(), reward, level, slack)).toThrow(RangeError);
  });

  it('refuses processes that are not its own', () => {
    expect(() => stepMartingales([0], 0.5, 0.7)).toThrow(RangeError);
  });
});
