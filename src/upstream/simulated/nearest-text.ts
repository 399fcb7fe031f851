import { foldText } from './phrases.ts';
import { tokensOf } from './token-count.ts';

/**
 * Finds, for any text, the index of the nearest of some texts: an equal one, else the one of highest token overlap,
 * the first of several. Overlap is the Jaccard index of the two multisets of tokens, case and white space folded:
 * Σ min(counts) / Σ max(counts), in [0, 1].
 */
export function nearestText(texts: readonly string[]): (text: string) => number {
  const bags = texts.map(bagOf);
  return (text) => {
    const equal = texts.indexOf(text);
    if (equal !== -1) return equal;
    const bag = bagOf(text);
    let best = 0;
    let highest = -1;
    for (const [index, candidate] of bags.entries()) {
      const overlap = overlapOf(bag, candidate);
      if (overlap > highest) {
        highest = overlap;
        best = index;
      }
    }
    return best;
  };
}

interface Bag {
  readonly counts: ReadonlyMap<number, number>;
  readonly size: number;
}

function bagOf(text: string): Bag {
  const tokens = tokensOf(foldText(text));
  const counts = new Map<number, number>();
  for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1);
  return { counts, size: tokens.length };
}

function overlapOf(one: Bag, other: Bag): number {
  let common = 0;
  for (const [token, count] of one.counts) common += Math.min(count, other.counts.get(token) ?? 0);
  const all = one.size + other.size - common;
  return all === 0 ? 1 : common / all;
}
