import type { Random } from '../../../src/domain/random.ts';
import { createSeededRandom } from '../../../src/runtime/seeded-random.ts';
import {
  alarmThreshold,
  shiryaevRobertsValue,
  startMartingales,
  stepMartingales,
} from '../../../src/stats/e-shiryaev-roberts.ts';
import { runsAt, percent, type Figure, type Section } from '../figure.ts';
import { median } from '../median.ts';

const section = 'watch';
const rewardsMax = 40_000;

/** Run lengths to an alarm. */
export const watching: Section = {
  name: section,
  summary: 'rewards to a false alarm of the watch, and to one after a fall',
  run: (settings) => {
    const runs = runsAt(settings, 200, 10);
    const random = createSeededRandom(settings.seed);
    const quiet = Array.from({ length: runs }, () =>
      runLength(random, { chance: 0.7, level: 0.7, most: rewardsMax }),
    );
    return [
      quietFigure('level known', quiet),
      quietFigure(
        'level from 500 rewards, one standard error off',
        Array.from({ length: runs }, () =>
          runLength(random, { chance: 0.7, level: estimated(random, 0.7), most: rewardsMax }),
        ),
      ),
      ...(
        [
          [0.05, 1080],
          [0.1, 267],
          [0.2, 89],
        ] as const
      ).map(([drop, known]): Figure => {
        const lengths = Array.from({ length: runs }, () => fallLength(random, drop));
        const middle = median(lengths) ?? Infinity;
        const missed = lengths.filter((length) => length >= 10_000).length;
        return {
          section,
          label: `right or wrong, .70 falls by ${drop}`,
          measured: `median ${middle}, ${percent(missed / runs)} missed in 10,000`,
          promise: `median about ${known}`,
          isKept: Math.abs(middle / known - 1) <= (runs >= 100 ? 0.3 : 0.6),
        };
      }),
    ];
  },
};

function quietFigure(label: string, lengths: readonly number[]): Figure {
  const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  const early = lengths.filter((length) => length < rewardsMax).length;
  return {
    section,
    label: `right or wrong, .70 stays, ${label}`,
    measured: `≥ ${mean.toFixed(0)} on average, ${early} alarms in ${lengths.length} runs of 40,000`,
    promise: `average ≥ ${alarmThreshold}`,
    isKept: mean >= alarmThreshold,
  };
}

/** An arm under watch. */
export interface WatchedArm {
  /** Chance of a reward of 1, else 0. */
  readonly chance: number;
  /** What it is held against. */
  readonly level: number;
  /** Rewards at most. */
  readonly most: number;
  /** Rewards at the level itself that come first and do not count; default none. */
  readonly before?: number;
}

/** Rewards to an alarm. */
export function runLength(random: Random, { chance, level, most, before = 0 }: WatchedArm): number {
  let martingales = startMartingales();
  const step = (mean: number): void => {
    martingales = stepMartingales(martingales, random.next() < mean ? 1 : 0, level);
  };
  for (let reward = 0; reward < before; reward++) step(level);
  for (let reward = 1; reward <= most; reward++) {
    step(chance);
    if (shiryaevRobertsValue(martingales) >= alarmThreshold) return reward;
  }
  return most;
}

/** Rewards from a fall to its alarm, of an arm that has served a while. */
export function fallLength(random: Random, drop: number): number {
  return runLength(random, { chance: 0.7 - drop, level: 0.7, most: 10_000, before: 500 });
}

/** μ₀ as the gate makes it: the mean of 500 rewards less one standard error. */
function estimated(random: Random, chance: number): number {
  let hits = 0;
  for (let reward = 0; reward < 500; reward++) if (random.next() < chance) hits++;
  const mean = hits / 500;
  return mean - Math.sqrt((mean * (1 - mean)) / 500);
}
