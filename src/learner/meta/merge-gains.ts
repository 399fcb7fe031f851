import type { Edit } from '../../domain/edit.ts';
import { editKey } from '../../domain/edit-key.ts';
import { withNeeds } from '../../domain/edit-needs.ts';
import type { Skeleton } from '../../domain/skeleton.ts';
import type { Variant } from '../../domain/variant.ts';
import { editsBeyond, mergeEdits } from '../combine-edits.ts';
import type { TriedChange } from '../edit-history.ts';
import type { EffectPrior } from './effect-prior.ts';
import { chanceOfGain } from './plan-transfer.ts';

/** A change counts as a likely gain from this chance of helping at all, and this mean effect. */
const chanceMin = 0.75;
const effectMin = 0.015;

/** Fewer together would be the same test over again. */
const changesMin = 2;

/**
 * Likely gains that were too small, or too dear, to be proven one by one, together in one candidate: the sum of three
 * effects takes a ninth of the pairs of one. Each brings the edits along that it needs; the most promising come first, as
 * far as one step may go. At most one candidate; none where fewer than two changes are left to be joined.
 */
export function mergeGains(ground: {
  readonly baseline: Skeleton;
  readonly incumbent: Variant;
  readonly tried: readonly TriedChange[];
  readonly prior: EffectPrior;
  readonly growthCharactersMax: number;
}): readonly (readonly Edit[])[] {
  const { baseline, incumbent, tried, prior, growthCharactersMax } = ground;
  const present = new Set(incumbent.edits.map(editKey));
  const gains = new Map<string, { readonly edits: readonly Edit[]; readonly mean: number }>();
  for (const { variant, edits, isAddition, outcome } of tried) {
    const name = edits.map(editKey).join(' ');
    if (outcome !== 'inconclusive' || !isAddition || edits.some((edit) => present.has(editKey(edit))))
      continue;
    const prediction = prior.predict(edits);
    if (chanceOfGain(prediction) < chanceMin || prediction.mean < effectMin) continue;
    const whole = editsBeyond(withNeeds(baseline, variant.edits, new Set(edits)), incumbent.edits);
    gains.set(name, { edits: whole, mean: prediction.mean });
  }
  let characters = 0;
  let joined = incumbent.edits;
  let changes = 0;
  for (const { edits } of [...gains.values()].toSorted((one, other) => other.mean - one.mean)) {
    const added = edits.reduce((sum, edit) => sum + ('text' in edit ? edit.text.length + 1 : 0), 0);
    if (changes > 0 && characters + added > growthCharactersMax) continue;
    characters += added;
    changes += 1;
    joined = mergeEdits(joined, edits);
  }
  return changes < changesMin ? [] : [joined];
}
