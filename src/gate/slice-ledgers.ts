import { countOf, primaryLedger, type Ledger } from '../domain/histogram.ts';
import type { Differences } from './pair-differences.ts';

const sliceStart = 'slice:';

/** Pairs of a segment that nobody declared, below which it is not looked at, and such segments at most. */
const discoveredPairsMin = 10;
const discoveredMax = 20;

/** Share of a test's pairs from which on a segment is taken for the whole, of which the score itself speaks. */
const wholeShare = 0.95;

/** Name of the ledger that holds a segment's share of the primary differences. */
export function sliceLedger(segment: string): string {
  return `${sliceStart}${segment}`;
}

/** The segment of a ledger; `null` where it is another one. */
export function sliceOf(name: string): string | null {
  return name.startsWith(sliceStart) ? name.slice(sliceStart.length) : null;
}

/** A unit's differences with its score counted in the ledger of its segment too; `null`: it belongs to none. */
export function withSlice(differences: Differences, segment: string | null): Differences {
  const score = differences[primaryLedger];
  return segment === null || score === undefined
    ? differences
    : { ...differences, [sliceLedger(segment)]: score };
}

/** Segments of a ledger that were not declared, those with the most pairs first, by name among equals. */
export function discoveredSlices(ledger: Ledger, declared: ReadonlySet<string>): readonly string[] {
  const all = countOf(ledger[primaryLedger] ?? {});
  return Object.entries(ledger)
    .flatMap(([name, histogram]) => {
      const segment = sliceOf(name);
      const pairs = countOf(histogram);
      const isWhole = all > 0 && pairs >= wholeShare * all;
      return segment === null || declared.has(segment) || pairs < discoveredPairsMin || isWhole
        ? []
        : [{ segment, pairs }];
    })
    .toSorted((one, other) => other.pairs - one.pairs || (one.segment < other.segment ? -1 : 1))
    .slice(0, discoveredMax)
    .map(({ segment }) => segment);
}
