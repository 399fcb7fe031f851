import { studentQuantile } from '../../src/stats/student-quantile.ts';

/** Pairs of a test at most, and between two looks. */
const pairsMax = 2000;
const lookEvery = 10;

/** What became of a candidate under the usual tests, each one-sided at .05: pairs at promotion, `null` for none. */
export interface RivalTrial {
  /** A t-test after every ten pairs, as if each were the only one. */
  readonly peeking: number | null;
  /** The same, the level divided by the number of looks. */
  readonly bonferroni: number | null;
  /** One t-test after 2,000 pairs. */
  readonly fixed: number | null;
}

const looks = pairsMax / lookEvery;
const bars = {
  peeking: barsAt(0.05),
  bonferroni: barsAt(0.05 / looks),
};

/** One candidate under all of them, on the same pairs. */
export function runRivals(draw: () => number): RivalTrial {
  let sum = 0;
  let squares = 0;
  let peeking: number | null = null;
  let bonferroni: number | null = null;
  let isLast = false;
  for (let look = 0; look < looks; look++) {
    for (let pair = 0; pair < lookEvery; pair++) {
      const difference = draw();
      sum += difference;
      squares += difference ** 2;
    }
    const count = lookEvery * (look + 1);
    const variance = (squares - sum ** 2 / count) / (count - 1);
    const statistic = variance > 0 ? sum / count / Math.sqrt(variance / count) : 0;
    isLast = statistic > (bars.peeking[look] ?? Infinity);
    if (isLast) peeking ??= count;
    if (statistic > (bars.bonferroni[look] ?? Infinity)) bonferroni ??= count;
  }
  return { peeking, bonferroni, fixed: isLast ? pairsMax : null };
}

function barsAt(alpha: number): readonly number[] {
  return Array.from({ length: looks }, (_, look) => studentQuantile(1 - alpha, lookEvery * (look + 1) - 1));
}
