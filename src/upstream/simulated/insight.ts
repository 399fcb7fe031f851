import { createPhraseFinder } from './phrases.ts';
import { extendHash, uniformOf, type SeededHash } from './seeded-hash.ts';
import type { OptimizerBehaviour } from './world.ts';

/** The chance in [0, 1] that the optimizer chooses with insight under its own prompt: base + Σ insight − Σ harm. */
export function createInsight({ insight, facets }: OptimizerBehaviour): (ownPrompt: string) => number {
  const findFacets = createPhraseFinder(facets);
  return (ownPrompt) => {
    const change = findFacets(ownPrompt).reduce((sum, index) => {
      const facet = facets[index];
      return sum + (facet === undefined ? 0 : facet.insight - facet.harm);
    }, 0);
    return Math.min(1, Math.max(0, insight + change));
  };
}

/** How to choose among candidates: what each one is worth, and how often a blind choice takes it. */
export interface Choice<Candidate> {
  readonly worth: (candidate: Candidate) => number;
  readonly weight: (candidate: Candidate) => number;
}

/**
 * Up to `count` of the candidates, none twice: each time with probability `insight` the one of most worth that is left
 * (of equals the first), else one at random by weight. Without any weight left all are alike.
 */
export function chooseCandidates<Candidate>(
  candidates: readonly Candidate[],
  { count, insight, luck }: { readonly count: number; readonly insight: number; readonly luck: SeededHash },
  choice: Choice<Candidate>,
): readonly Candidate[] {
  const left = [...candidates];
  const chosen: Candidate[] = [];
  for (let draw = 0; draw < count && left.length > 0; draw += 1) {
    const drawLuck = extendHash(luck, draw);
    const index =
      uniformOf(extendHash(drawLuck, 'insight')) < insight
        ? indexOfMost(left, choice.worth)
        : indexByWeight(left, choice.weight, uniformOf(extendHash(drawLuck, 'weight')));
    chosen.push(...left.splice(index, 1));
  }
  return chosen;
}

function indexOfMost<Candidate>(candidates: readonly Candidate[], worth: (one: Candidate) => number): number {
  const worths = candidates.map(worth);
  return worths.indexOf(Math.max(...worths));
}

function indexByWeight<Candidate>(
  candidates: readonly Candidate[],
  weight: (one: Candidate) => number,
  uniform: number,
): number {
  const weights = candidates.map(weight);
  const total = weights.reduce((sum, each) => sum + each, 0);
  if (total === 0) return Math.floor(uniform * candidates.length);
  let rest = uniform * total;
  const index = weights.findIndex((each) => (rest -= each) < 0);
  return index === -1 ? weights.findLastIndex((each) => each > 0) : index;
}
