import type { Clock } from '../domain/clock.ts';
import { fixedShareMin, generaliseSkeleton, sharedTemplate } from '../domain/generalise-skeleton.ts';
import type { Skeleton } from '../domain/skeleton.ts';

/** Alignments per second, over all tasks. Each may take milliseconds, and traffic waits for it. */
export const alignmentsPerSecondMax = 20;

/**
 * Generalises skeletons to new prompts as `generaliseSkeleton` does, but spends no time on prompts that share too few
 * words to be the same, and little time in all: beyond the limit every prompt counts as another one.
 */
export interface Aligner {
  /** Share of the skeleton's fixed words that stand in the prompt, in whatever order, [0, 1]. */
  readonly likeness: (skeleton: Skeleton, prompt: string) => number;
  readonly align: (skeleton: Skeleton, prompt: string) => Skeleton | undefined;
  /** What two prompts have in common as `sharedTemplate` sees it, within the same limit. */
  readonly template: (one: string, other: string) => Skeleton | undefined;
}

/** Starts with a full allowance. */
export function createAligner(clock: Clock): Aligner {
  const fixedWords = new WeakMap<Skeleton, ReadonlyMap<string, number>>();
  let counted = { prompt: '', words: countWords('') };
  let second = 0;
  let spent = 0;

  const likeness = (skeleton: Skeleton, prompt: string): number => {
    const fixed = fixedWords.get(skeleton) ?? countWords(fixedTextOf(skeleton));
    fixedWords.set(skeleton, fixed);
    if (counted.prompt !== prompt) counted = { prompt, words: countWords(prompt) };
    let total = 0;
    let shared = 0;
    for (const [word, times] of fixed) {
      total += times;
      shared += Math.min(times, counted.words.get(word) ?? 0);
    }
    return total === 0 ? 0 : shared / total;
  };

  const isAllowed = (): boolean => {
    const now = Math.floor(clock.now() / 1000);
    if (now !== second) {
      second = now;
      spent = 0;
    }
    spent += 1;
    return spent <= alignmentsPerSecondMax;
  };

  return {
    likeness,
    align: (skeleton, prompt) =>
      likeness(skeleton, prompt) >= fixedShareMin && isAllowed()
        ? generaliseSkeleton(skeleton, prompt)
        : undefined,
    template: (one, other) => (isAllowed() ? sharedTemplate(one, other) : undefined),
  };
}

function fixedTextOf({ segments }: Skeleton): string {
  return segments.map((segment) => (segment.kind === 'text' ? segment.text : ' ')).join('');
}

function countWords(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const word of text.match(/[\p{L}\p{N}]+/gu) ?? []) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
