import { applyEdits } from '../domain/apply-edits.ts';
import type { Edit } from '../domain/edit.ts';
import { skeletonText, type Skeleton } from '../domain/skeleton.ts';
import { stepChecks } from './trust-region.ts';

/** Whether edits of a prompt are no more than one step may change. */
export type IsOneStep = (skeleton: Skeleton, edits: readonly Edit[]) => boolean;

/** One step of the trust region from the prompt itself, with a relative edit radius. */
export function withinRadius(radius: number): IsOneStep {
  return (skeleton, edits) => {
    const edited = applyEdits(skeleton, edits);
    if (edited === undefined) return false;
    const [parent, candidate] = [skeletonText(skeleton), skeletonText(edited)];
    return stepChecks({ parent, candidate, baseline: parent }, radius).every(({ isPassed }) => isPassed);
  };
}

/**
 * Splits edits that apply one upon the other into parts, in their order, each of which applies to the prompt by itself
 * and is one step, as far as that is possible: an edit stands in the first part that has room for it, and one that
 * needs an earlier edit in that one's part, however large this becomes.
 */
export function splitIntoSteps(
  skeleton: Skeleton,
  edits: readonly Edit[],
  isOneStep: IsOneStep,
): readonly (readonly Edit[])[] {
  const parts: Edit[][] = [];
  for (const edit of edits) {
    const applies = (part: readonly Edit[]): boolean => applyEdits(skeleton, [...part, edit]) !== undefined;
    const roomy = parts.find((part) => isOneStep(skeleton, [...part, edit]));
    const home = roomy ?? (applies([]) ? undefined : parts.findLast(applies));
    if (home === undefined) parts.push([edit]);
    else home.push(edit);
  }
  return parts;
}
