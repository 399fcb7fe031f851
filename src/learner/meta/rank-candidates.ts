import type { Edit } from '../../domain/edit.ts';
import type { DropReason } from '../drop-reason.ts';
import { addedEdits } from '../edit-history.ts';
import { makeVariant, type Variant } from '../../domain/variant.ts';
import type { EffectPrior } from './effect-prior.ts';
import { chanceOfGain } from './plan-transfer.ts';
import { worthOfIdea, worthShareMin } from './worth.ts';

/** What is expected to help with less than this chance is not tried, whatever a test would be worth. */
const chanceMin = 0.1;

/** Candidates in the order in which they are worth a test, and why others are not. */
export interface RankedCandidates {
  readonly candidates: readonly (readonly Edit[])[];
  readonly dropped: readonly DropReason[];
}

/**
 * Orders candidates, where there is a prior, by the effect that is expected of what they add, best first; of equals, the optimizer's own order
 * stays. What is known to hurt, here or in like tasks, is left out, and what is not worth half as much as testing a fresh
 * idea, unless there is nothing else; a candidate that leaves edits of the incumbent out
 * keeps its place, since the prior speaks of what is added.
 */
export function rankCandidates(
  candidates: readonly (readonly Edit[])[],
  incumbent: Variant,
  prior: EffectPrior | null,
): RankedCandidates {
  if (prior === null) return { candidates, dropped: [] };
  const judged = candidates.map((edits) => {
    const variant = makeVariant(incumbent.taskId, incumbent.baselineVersion, edits);
    const added = addedEdits(variant, incumbent.id) ?? [];
    const prediction = added.length === 0 ? null : prior.predict(added);
    return { edits, prediction };
  });
  const least = worthShareMin * worthOfIdea(prior.fresh);
  const harmless = judged.filter(
    ({ prediction }) => prediction === null || chanceOfGain(prediction) >= chanceMin,
  );
  const worthwhile = harmless.filter(
    ({ prediction }) => prediction === null || worthOfIdea(prediction) >= least,
  );
  const kept = worthwhile.length > 0 ? worthwhile : harmless;
  return {
    candidates: kept
      .toSorted((one, other) => (other.prediction?.mean ?? 0) - (one.prediction?.mean ?? 0))
      .map(({ edits }) => edits),
    dropped: Array.from({ length: judged.length - kept.length }, (): DropReason => 'expected-harm'),
  };
}
