import { compareSkeletons } from './compare-skeletons.ts';
import { literalSkeleton, type Skeleton } from './skeleton.ts';
import { hasWordsAtMost } from './tokenize.ts';

/** Share of a skeleton's fixed text that a new instance must keep to count as the same prompt. */
export const fixedShareMin = 0.6;

/** Fixed words that a skeleton with slots must have, so that it says something about the prompt. */
export const fixedWordsMin = 3;

/** The same for a template most of which is filled in anew; no more than a greeting has fewer. */
export const templateWordsMin = 6;

/**
 * The least general skeleton that both the given one and `text` are instances of; `undefined` when they are not the
 * same prompt: less than 60 % of the skeleton's fixed text, or fewer than three words, stand in `text` in the same order.
 */
export function generaliseSkeleton(skeleton: Skeleton, text: string): Skeleton | undefined {
  const { skeleton: found, kept } = compareSkeletons(skeleton, literalSkeleton(text));
  return kept >= fixedShareMin && hasFixedWords(found, fixedWordsMin) ? found : undefined;
}

/**
 * The template that two prompts of one task were filled from, even where what was filled in, such as retrieved text, is
 * most of each: what both have in the same order, the rest is slots. `undefined` when that leaves fewer than six words.
 */
export function sharedTemplate(one: string, other: string): Skeleton | undefined {
  const { skeleton } = compareSkeletons(literalSkeleton(one), literalSkeleton(other));
  return hasFixedWords(skeleton, templateWordsMin) ? skeleton : undefined;
}

/**
 * What two replicas have learned of one prompt: the least general skeleton that covers both, slots named as in the first.
 * `undefined` when the two are not about the same prompt.
 */
export function joinSkeletons(one: Skeleton, other: Skeleton): Skeleton | undefined {
  const { skeleton, kept } = compareSkeletons(one, other);
  return kept >= fixedShareMin && hasFixedWords(skeleton, fixedWordsMin) ? skeleton : undefined;
}

/** Whether at least so many words of a skeleton are fixed. */
export function hasFixedWords({ segments }: Skeleton, wordsMin: number): boolean {
  const text = segments.map((segment) => (segment.kind === 'text' ? segment.text : ' ')).join('');
  return !hasWordsAtMost(text, wordsMin - 1);
}
