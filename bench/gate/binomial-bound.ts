import { logGamma } from '../../src/stats/log-gamma.ts';

/** Chance that a promise which is kept is called broken by the luck of one figure. */
const unlucky = 1e-6;

/** Whether so many hits of so many runs can be where each has at most this chance: P(hits or more) ≥ 10⁻⁶. */
export function isAtMost(hits: number, runs: number, chance: number): boolean {
  return upperTail(hits, runs, chance) >= unlucky;
}

/** Whether so many hits of so many runs can be where each has at least this chance: P(hits or fewer) ≥ 10⁻⁶. */
export function isAtLeast(hits: number, runs: number, chance: number): boolean {
  return upperTail(runs - hits, runs, 1 - chance) >= unlucky;
}

/** Whether the chance of a hit can lie within `slack` of the one given. */
export function isAbout(
  hits: number,
  runs: number,
  { chance, slack }: { readonly chance: number; readonly slack: number },
): boolean {
  return (
    isAtMost(hits, runs, Math.min(1, chance + slack)) && isAtLeast(hits, runs, Math.max(0, chance - slack))
  );
}

/** P(X ≥ hits), X binomial. */
function upperTail(hits: number, runs: number, chance: number): number {
  if (hits <= 0 || chance >= 1) return 1;
  if (chance <= 0) return 0;
  let sum = 0;
  for (let count = hits; count <= runs; count++)
    sum += Math.exp(
      logGamma(runs + 1) -
        logGamma(count + 1) -
        logGamma(runs - count + 1) +
        count * Math.log(chance) +
        (runs - count) * Math.log1p(-chance),
    );
  return Math.min(1, sum);
}
