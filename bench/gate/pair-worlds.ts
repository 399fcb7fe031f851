import type { Random } from '../../src/domain/random.ts';

/** How differences of candidate and incumbent on one request come out. */
export interface PairWorld {
  readonly name: string;
  /** A difference in [−1, 1] of whole hundredths, with the given mean. */
  readonly draw: (effect: number, random: Random) => number;
}

/** Right or wrong: candidate and incumbent differ on this share of requests. */
export function binaryWorld(discordance: number): PairWorld {
  return {
    name: `binary, ${Math.round(100 * discordance)} %`,
    draw: (effect, random) => {
      const draw = random.next();
      if (draw < (discordance + effect) / 2) return 1;
      return draw < discordance ? -1 : 0;
    },
  };
}

/** Scores of five levels: differences of one or two levels, standard deviation .19 without an effect. */
export const gradedWorld: PairWorld = {
  name: 'graded, SD .19',
  draw: (effect, random) => {
    const draw = random.next();
    if (draw < 0.04) return draw < 0.02 ? 0.5 : -0.5;
    const [up, down] = [0.209 + 2 * effect, 0.209 - 2 * effect];
    if (draw < 0.04 + up) return 0.25;
    return draw < 0.04 + up + down ? -0.25 : 0;
  },
};

/** Any score: normal differences of standard deviation .15. */
export const continuousWorld: PairWorld = {
  name: 'continuous, SD .15',
  draw: (effect, random) => {
    const value = effect + 0.15 * gaussian(random);
    return Math.round(100 * Math.min(1, Math.max(-1, value))) / 100;
  },
};

/** A standard normal variable (Box & Muller, 1958). */
export function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}
