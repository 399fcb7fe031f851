import type { Place } from './place.ts';
import type { SetupOutcome } from './setup.ts';

/** Promotions among proposals, by weight. */
export interface Count {
  readonly gains: number;
  readonly tries: number;
}

/** How many times its variance of chance a squared difference must be before two places are believed to differ. */
const chanceMultiple = 2;

/** What was seen elsewhere counts at least as much as so many proposals. */
const elsewhereMin = 2;

/** Gains and tries of some outcomes. */
export function countOf(outcomes: readonly SetupOutcome[]): Count {
  return outcomes.reduce<Count>(
    ({ gains, tries }, { gain, weight }) => ({ gains: gains + weight * gain, tries: tries + weight }),
    { gains: 0, tries: 0 },
  );
}

/**
 * What outcomes say of one place in the order of a task. They fall into three groups: another optimizer gained last; the
 * same one did, but another one missed since; both are the same. Each group is the prior of the next:
 *
 *     c₀ = prior + count of the first,   c_k = c_(k−1) · min(1, B_k / tries of c_(k−1)) + count of group k
 *
 * B_k is what the two are worth to each other, by the method of moments: with rates p, p' from n, n' tries, v = r(1 − r)
 * of both together, B_k = v / τ² where τ² = (p − p')² − 2·v·(1/n + 1/n') is above 0, at least 2, else ∞. So an outcome counts
 * at every place alike until places differ by more than chance, and then less the more they differ.
 */
export function countAtPlace(outcomes: readonly SetupOutcome[], place: Place, prior: Count): Count {
  const groups = Map.groupBy(outcomes, (outcome) => likeness(outcome.place, place));
  const nearer = [1, 2].map((group) => countOf(groups.get(group) ?? []));
  return nearer.reduce(
    (known, here) => plus(atMost(known, beliefFor(here, known)), here),
    plus(prior, countOf(groups.get(0) ?? [])),
  );
}

/** B_k: how many proposals what is known from elsewhere counts here at most. */
function beliefFor(here: Count, known: Count): number {
  if (here.tries === 0) return Infinity;
  const all = plus(here, known);
  const rate = all.gains / all.tries;
  const chance = rate * (1 - rate);
  const apart = here.gains / here.tries - known.gains / known.tries;
  const excess = apart ** 2 - chanceMultiple * chance * (1 / here.tries + 1 / known.tries);
  return excess <= 0 ? Infinity : Math.max(elsewhereMin, chance / excess);
}

/** 0: another one gained last; 1: the same one gained last; 2: the same one has missed since too. */
function likeness(one: Place, other: Place): number {
  if (one.gained !== other.gained) return 0;
  return one.missed === other.missed ? 2 : 1;
}

function plus(one: Count, other: Count): Count {
  return { gains: one.gains + other.gains, tries: one.tries + other.tries };
}

/** The same rate of success, believed as if no more than so many proposals had been seen. */
function atMost({ gains, tries }: Count, triesMax: number): Count {
  const share = tries <= triesMax ? 1 : triesMax / tries;
  return { gains: gains * share, tries: tries * share };
}
