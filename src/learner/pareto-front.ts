import type { ExampleScores } from './example-scores.ts';

/** Variants on at least two of which an example must have scores to tell them apart. */
const variantsMin = 2;

/**
 * Who is best at something: for each variant on the front, on how many examples it is the best, or one of the best.
 *
 * The per-example Pareto front of GEPA (Agrawal et al., 2025): take the best variants of each example; leave out those
 * that are dominated, beginning with the lowest mean: everywhere where they are among the best, another one that is left
 * is too. Only variants in `ids` count, and only examples that at least two of them have served. Empty where no example
 * tells any two apart.
 */
export function paretoFront(
  examples: readonly ExampleScores[],
  ids: ReadonlySet<string>,
): ReadonlyMap<string, number> {
  const compared = examples
    .map(({ means }) => [...means].filter(([id]) => ids.has(id)))
    .filter((scores) => scores.length >= variantsMin);
  let fronts = compared.map((scores) => {
    const best = Math.max(...scores.map(([, score]) => score));
    return new Set(scores.flatMap(([id, score]) => (score === best ? [id] : [])));
  });
  for (const id of byMean(compared)) {
    const own = fronts.filter((front) => front.has(id));
    const isDominated = own.length > 0 && own.every((front) => front.size > 1);
    if (isDominated) fronts = fronts.map((front) => new Set([...front].filter((other) => other !== id)));
  }
  const wins = new Map<string, number>();
  for (const id of fronts.flatMap((front) => [...front])) wins.set(id, (wins.get(id) ?? 0) + 1);
  return wins;
}

/** Ids by their mean score over examples, the lowest first; of equals by id, so that the front is always the same. */
function byMean(compared: readonly (readonly (readonly [string, number])[])[]): readonly string[] {
  const scores = Map.groupBy(compared.flat(), ([id]) => id);
  return [...scores]
    .map(([id, all]) => ({ id, mean: all.reduce((sum, [, score]) => sum + score, 0) / all.length }))
    .toSorted((one, other) => one.mean - other.mean || (one.id < other.id ? -1 : 1))
    .map(({ id }) => id);
}
