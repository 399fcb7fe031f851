import { applyEdits } from './apply-edits.ts';
import type { Edit } from './edit.ts';
import { protectedSpans, spansChanged } from './protected-spans.ts';
import { fillSkeleton, skeletonText, slotsOf, type Skeleton, type SlotValues } from './skeleton.ts';

/**
 * The skeleton of a variant; `undefined` where an edit has no place in the baseline, or where the whole would not keep
 * the baseline's slots, placeholders and protected phrases, byte for byte and in their order. Whatever has been screened
 * before: baseline and protected phrases may have changed since.
 */
export function variantSkeleton(
  baseline: Skeleton,
  edits: readonly Edit[],
  protect: readonly string[],
): Skeleton | undefined {
  const edited = applyEdits(baseline, edits);
  if (edited === undefined) return undefined;
  const isKept = slotsChanged(baseline, edited) === 0 && spansLost(baseline, edited, protect) === 0;
  return isKept ? edited : undefined;
}

/** In how many places the ordered slots of two skeletons differ. */
export function slotsChanged(before: Skeleton, after: Skeleton): number {
  return spansChanged(namesOf(before), namesOf(after));
}

function namesOf(skeleton: Skeleton): readonly string[] {
  return slotsOf(skeleton).map(({ name }) => name);
}

/** In how many places the ordered placeholders and protected phrases of two skeletons differ. */
export function spansLost(before: Skeleton, after: Skeleton, protect: readonly string[]): number {
  return spansChanged(
    protectedSpans(skeletonText(before), protect),
    protectedSpans(skeletonText(after), protect),
  );
}

/** A variant beside the prompt that it is made from. */
export interface Rendering {
  readonly baseline: Skeleton;
  readonly variant: Skeleton;
  readonly slots: SlotValues;
  readonly protect: readonly string[];
}

/**
 * The prompt of a variant for one request; `undefined` where it would not keep what the agent's own prompt has of
 * protected phrases. A phrase may stand half in the fixed text and half in what the agent filled in, so that only the
 * filled prompt can tell.
 */
export function renderVariant({ baseline, variant, slots, protect }: Rendering): string | undefined {
  const prompt = fillSkeleton(variant, slots);
  if (protect.length === 0) return prompt;
  const own = fillSkeleton(baseline, slots);
  const lost = spansChanged(protectedSpans(own, protect), protectedSpans(prompt, protect));
  return lost === 0 ? prompt : undefined;
}
