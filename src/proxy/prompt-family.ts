import { matchSkeleton } from '../domain/match-skeleton.ts';
import { literalSkeleton, skeletonText, type Skeleton } from '../domain/skeleton.ts';
import type { Aligner } from './aligner.ts';

/** Prompts of a named task that are no instances of its baseline, but of one skeleton. */
export interface PromptFamily {
  readonly skeleton: Skeleton;
  readonly sightings: number;
  /** How many of them have matched since the skeleton last changed. */
  readonly stableFor: number;
}

/** New prompts watched at a time. */
const familiesMax = 4;

/** Counts a prompt to its family, which comes first in what is returned; the one longest not seen may fall out. */
export function sightPrompt(
  families: readonly PromptFamily[],
  prompt: string,
  { align, template }: Pick<Aligner, 'align' | 'template'>,
): readonly [PromptFamily, ...PromptFamily[]] {
  const known = families.find(({ skeleton }) => matchSkeleton(skeleton, prompt) !== undefined);
  if (known !== undefined)
    return withFirst(families, known, { skeleton: known.skeleton, stableFor: known.stableFor + 1 });
  const generalisations = [
    (family: PromptFamily) => align(family.skeleton, prompt),
    // Most of a prompt may be filled in anew each time, and then two of them look like strangers to one another.
    (family: PromptFamily) =>
      family.sightings === 1 ? template(skeletonText(family.skeleton), prompt) : undefined,
  ];
  for (const generalise of generalisations)
    for (const family of families) {
      const skeleton = generalise(family);
      if (skeleton !== undefined) return withFirst(families, family, { skeleton, stableFor: 0 });
    }
  return withFirst(families, undefined, { skeleton: literalSkeleton(prompt), stableFor: 0 });
}

function withFirst(
  families: readonly PromptFamily[],
  family: PromptFamily | undefined,
  seen: Omit<PromptFamily, 'sightings'>,
): readonly [PromptFamily, ...PromptFamily[]] {
  const others = families.filter((other) => other !== family).slice(0, familiesMax - 1);
  return [{ ...seen, sightings: (family?.sightings ?? 0) + 1 }, ...others];
}
