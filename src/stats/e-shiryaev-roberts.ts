/** Bets λ_j, log-spaced from .02 to .9. */
export const watchBets: readonly number[] = Array.from(
  { length: 12 },
  (_, index) => 0.02 * 45 ** (index / 11),
);

/** h: an alarm is raised when the value reaches it. At an unchanged level, h rewards pass on average before one. */
export const alarmThreshold = 10_000;

/** ε: how far the mean may lie below the level before that counts as a fall. */
export const watchSlack = 0.02;

/** The processes M_j before any reward: all 0. */
export function startMartingales(): readonly number[] {
  return watchBets.map(() => 0);
}

/**
 * One reward later: M_j ← (M_j + 1)(1 + λ_j(μ₀ − ε − r)/(1 − μ₀ + ε)), for a level μ₀ and slack ε.
 * The Shiryaev-Roberts e-detector of Shin, Ramdas & Rinaldo, "E-detectors", NEJSDS (2024): while the mean, given the
 * past, is ≥ μ₀ − ε, the value grows by at most 1 per reward on average, so the average run to an alarm is ≥ h.
 *
 * `reward` and `level` lie in [0, 1], `slack` is ≥ 0 and positive where the level is 1. No fall is seen below a level
 * of ε, there being no room. Throws a RangeError outside.
 */
export function stepMartingales(
  martingales: readonly number[],
  reward: number,
  level: number,
  slack: number = watchSlack,
): readonly number[] {
  const room = 1 - level + slack;
  if (!(reward >= 0 && reward <= 1) || !(level >= 0 && level <= 1) || !(slack >= 0) || !(room > 0))
    throw new RangeError(`watch: reward ${reward}, level ${level}, slack ${slack}`);
  if (martingales.length !== watchBets.length)
    throw new RangeError(`watch: ${martingales.length} processes for ${watchBets.length} bets`);
  const surprise = (level - slack - reward) / room;
  return martingales.map((value, index) =>
    Math.min(martingaleMax, (value + 1) * (1 + (watchBets[index] ?? 0) * surprise)),
  );
}

/** The mixture over bets, mean_j M_j. */
export function shiryaevRobertsValue(martingales: readonly number[]): number {
  return martingales.reduce((sum, value) => sum + value, 0) / martingales.length;
}

/** Far above any threshold, far enough below overflow that sums stay finite and JSON keeps them. */
const martingaleMax = 1e300;
