import type { Random } from '../domain/random.ts';

/**
 * A draw from the beta distribution with both shapes > 0: X / (X + Y) of two gamma draws. Throws a RangeError for other
 * shapes.
 */
export function drawBeta(successes: number, failures: number, random: Random): number {
  if (!(successes > 0 && failures > 0)) throw new RangeError(`beta draw of shapes ${successes}, ${failures}`);
  const one = drawGamma(successes, random);
  const other = drawGamma(failures, random);
  return one + other === 0 ? 0.5 : one / (one + other);
}

/**
 * A draw from the gamma distribution of scale 1. Marsaglia & Tsang, "A simple method for generating gamma variables",
 * ACM Transactions on Mathematical Software 26 (2000); a shape below 1 by their boost, U^(1/shape) times the draw of
 * shape + 1. About 1.05 rounds a draw.
 */
function drawGamma(shape: number, random: Random): number {
  if (shape < 1) return drawGamma(shape + 1, random) * (1 - random.next()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const normal = drawNormal(random);
    const cube = (1 + c * normal) ** 3;
    if (cube <= 0) continue;
    if (Math.log(1 - random.next()) < normal ** 2 / 2 + d - d * cube + d * Math.log(cube)) return d * cube;
  }
}

/** Box & Muller, "A note on the generation of random normal deviates" (1958). */
function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}
