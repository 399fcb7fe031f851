/** A sequential test for an improvement, as far as its worth is concerned. */
export interface TestOutlook {
  /** What is believed of the true effect: a normal distribution. */
  readonly mean: number;
  /** > 0. */
  readonly deviation: number;
  /** Of one paired difference, > 0. */
  readonly pairVariance: number;
  /** log-evidence that promotion still takes: log(1/α) less log E. */
  readonly natsLeft: number;
  /** Pairs after which the test ends undecided, > 0. */
  readonly pairsLeft: number;
  /** What has to be paid before the first pair, in pairs, ≥ 0. */
  readonly pairsBefore: number;
}

/** Points of the grid over the effect, and how many deviations it reaches to each side. */
const gridSize = 121;
const gridReach = 4;

/** log-evidence at which a test for harm ends. */
const natsToReject = Math.log(20);

/** Lengths, in pairs, after which one may stop. */
const horizons: readonly number[] = [50, 100, 200, 400, 800, 1600, 3200];

/**
 * The gain per pair that is to be expected of a test, if one is free to stop it: the greatest, over lengths H, of
 *   E[θ · 1(promoted within H)] / (pairsBefore + E[pairs within H]),
 * where a test of true effect θ > 0 is promoted after 2·pairVariance·natsLeft / θ² pairs, the time at which the growth
 * rate θ² / 2·pairVariance of the best bet has gathered the evidence (Kelly, 1956), and one of θ < 0 is rejected in the
 * like way. The greatest ratio over stopping times is the index by which sequential projects are ordered (Gittins, "Bandit
 * processes and dynamic allocation indices", 1979); fixed lengths bound it from below. Integrated on a grid.
 *
 * Throws a RangeError for a deviation, variance or number of pairs that is not > 0.
 */
export function testWorth(outlook: TestOutlook): number {
  const { mean, deviation, pairVariance, natsLeft, pairsLeft, pairsBefore } = outlook;
  if (!(deviation > 0 && pairVariance > 0 && pairsLeft > 0 && pairsBefore >= 0))
    throw new RangeError('worth of a test: deviation, variance and pairs are above 0');
  const effects = Array.from({ length: gridSize }, (_, index) => {
    const z = gridReach * ((2 * index) / (gridSize - 1) - 1);
    const effect = mean + z * deviation;
    const nats = effect > 0 ? Math.max(0, natsLeft) : natsToReject;
    const pairs = effect === 0 ? Infinity : (2 * pairVariance * nats) / effect ** 2;
    return { effect, pairs, weight: Math.exp(-z * z * 0.5) };
  });
  const total = effects.reduce((sum, { weight }) => sum + weight, 0);
  return Math.max(
    ...[...horizons, pairsLeft].map((horizon) => {
      const length = Math.min(horizon, pairsLeft);
      const [gain, cost] = effects.reduce(
        ([gains, costs], { effect, pairs, weight }): [number, number] => [
          gains + (effect > 0 && pairs <= length ? weight * effect : 0),
          costs + weight * Math.min(length, Math.max(1, pairs)),
        ],
        [0, 0],
      );
      return gain / total / (pairsBefore + cost / total);
    }),
  );
}
