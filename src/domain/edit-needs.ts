import { applyEdits } from './apply-edits.ts';
import type { Edit } from './edit.ts';
import type { Skeleton } from './skeleton.ts';

/**
 * The graph of edits: for each edit of an ordered list, the places of those before it that it cannot do without, because
 * its phrase stands in text that they put in, directly or through one another. Edits of a list that does not apply to the
 * baseline need nothing that could be said.
 */
export function editNeeds(baseline: Skeleton, edits: readonly Edit[]): readonly (readonly number[])[] {
  return edits.map((_, place) => {
    const upTo = edits.slice(0, place + 1);
    if (applyEdits(baseline, upTo) === undefined) return [];
    return upTo.slice(0, -1).flatMap((_before, without) => {
      const rest = upTo.toSpliced(without, 1);
      const fallsOut = applyEdits(baseline, rest) === undefined;
      // Where the list fails before this edit is reached, another one between them is what needs the first.
      const isOwnNeed = applyEdits(baseline, rest.slice(0, -1)) !== undefined;
      return fallsOut && (isOwnNeed || needsThrough(baseline, upTo, without)) ? [without] : [];
    });
  });
}

/** Whether the last edit needs the one at `without` through others: with all that need it left out, it falls too. */
function needsThrough(baseline: Skeleton, edits: readonly Edit[], without: number): boolean {
  const kept: Edit[] = [];
  for (const [place, edit] of edits.entries()) {
    if (place === without) continue;
    if (applyEdits(baseline, [...kept, edit]) !== undefined) kept.push(edit);
    else if (place === edits.length - 1) return true;
  }
  return false;
}

/** Some edits of a list with all that they need, in the order of the list. */
export function withNeeds(
  baseline: Skeleton,
  edits: readonly Edit[],
  wanted: ReadonlySet<Edit>,
): readonly Edit[] {
  const needs = editNeeds(baseline, edits);
  const places = edits.flatMap((edit, place) => (wanted.has(edit) ? [place, ...(needs[place] ?? [])] : []));
  const kept = new Set(places);
  return edits.filter((_, place) => kept.has(place));
}
