import type { Variant } from '../domain/variant.ts';
import { editsBeyond } from './combine-edits.ts';
import type { TriedChange } from './edit-history.ts';

/** Variants beside the incumbent that are kept, the best ones. */
const archiveMax = 19;

/** A variant that an optimizer may build on. */
export interface ScoredVariant {
  readonly variant: Variant;
  /** Estimated mean reward, an integer in [0, 100]; `null` for an incumbent without rewards. */
  readonly score: number | null;
}

/**
 * What may be built on, the best first: the incumbent, and variants whose test ended without a verdict against them.
 * Those that were rejected or rolled back are left out, since whatever carries their edits on carries the fault on;
 * those under test, since their evidence is not complete; those that the incumbent contains, since it left them
 * behind. The score is what the gate released when the test ended (`scores.ts`); a variant that was tested twice has
 * the newest.
 */
export function archiveOf(
  tried: readonly TriedChange[],
  incumbent: Variant,
  meanReward: number | null,
): readonly ScoredVariant[] {
  const found = new Map<string, ScoredVariant>();
  const condemned = new Set<string>([incumbent.id]);
  for (const { variant, outcome, score } of tried) {
    if (outcome === 'rejected' || outcome === 'rolled-back') condemned.add(variant.id);
    if (outcome !== 'inconclusive' && outcome !== 'promoted') continue;
    if (score !== null && editsBeyond(variant.edits, incumbent.edits).length > 0)
      found.set(variant.id, { variant, score });
  }
  const others = [...found.values()]
    .filter(({ variant }) => !condemned.has(variant.id))
    .toSorted((one, other) => (other.score ?? 0) - (one.score ?? 0))
    .slice(0, archiveMax);
  const own = { variant: incumbent, score: meanReward === null ? null : Math.round(100 * meanReward) };
  return [own, ...others].toSorted((one, other) => (other.score ?? 0) - (one.score ?? 0));
}
