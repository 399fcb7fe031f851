import { alignTokens, fixed, isWord, tokenize, tokensOf, type Run } from './align-tokens.ts';
import { literalSkeleton, type Segment, type Skeleton } from './skeleton.ts';

/** Share of a skeleton's fixed words that a new instance must keep to count as the same prompt. */
export const fixedShareMin = 0.6;

/** Fixed words that a skeleton with slots must have, so that it says something about the prompt. */
const fixedWordsMin = 3;

/** Words in a row that two prompts must share before `sharedTemplate` takes them for fixed text, and words in all. */
const templateRunWordsMin = 3;
const templateWordsMin = 6;

/**
 * The least general skeleton that both the given one and `text` are instances of; `undefined` when they are not the
 * same prompt: fewer than 60 % of the skeleton's fixed words, or fewer than three, stand in `text` in the same order.
 *
 * Tokens (words with inner punctuation such as `2026-11-01`, white space, single marks) are aligned as `alignTokens`
 * does; what is not common becomes a slot, an existing slot keeps its name. A common run without a word between two
 * slots joins them, so that slots are whole phrases.
 */
export function generaliseSkeleton(skeleton: Skeleton, text: string): Skeleton | undefined {
  const old = tokensOf(skeleton.segments);
  const runs = joinShortRuns(alignTokens(old, tokenize(text).map(fixed)), 1);
  const found = { segments: nameSlots(runs, skeleton) };
  const words = fixedWordCount(found);
  return words >= fixedWordsMin && words >= fixedShareMin * old.filter(isWord).length ? found : undefined;
}

/**
 * The template that two prompts of one task were filled from, even where what was filled in, such as retrieved text, is
 * most of each: the words that stand in both in the same order, three or more in a row, the rest is slots. Fewer in a row
 * are shared by chance. `undefined` when that leaves fewer than six, no more than a greeting.
 */
export function sharedTemplate(one: string, other: string): Skeleton | undefined {
  const skeleton = literalSkeleton(one);
  const aligned = alignTokens(tokenize(one).map(fixed), tokenize(other).map(fixed));
  const found = { segments: nameSlots(joinShortRuns(aligned, templateRunWordsMin), skeleton) };
  return fixedWordCount(found) >= templateWordsMin ? found : undefined;
}

function fixedWordCount({ segments }: Skeleton): number {
  return segments.reduce((sum, segment) => sum + (segment.kind === 'text' ? wordCount(segment.text) : 0), 0);
}

function wordCount(text: string): number {
  return tokenize(text).map(fixed).filter(isWord).length;
}

/** Common runs of fewer than `wordsMin` words between two gaps join these to one. */
function joinShortRuns(runs: readonly Run[], wordsMin: number): readonly Run[] {
  const joined: Run[] = [];
  for (const [index, run] of runs.entries()) {
    const previous = joined.at(-1);
    if (run.kind === 'gap' && previous?.kind === 'gap')
      joined[joined.length - 1] = { kind: 'gap', slots: [...previous.slots, ...run.slots] };
    else {
      const isBetweenGaps = previous?.kind === 'gap' && runs[index + 1]?.kind === 'gap';
      if (run.kind === 'common' && isBetweenGaps && wordCount(run.text) < wordsMin) continue;
      joined.push(run);
    }
  }
  return joined;
}

function nameSlots(runs: readonly Run[], skeleton: Skeleton): Segment[] {
  const known = skeleton.segments.flatMap((segment) => (segment.kind === 'slot' ? [segment.name] : []));
  let next = known.reduce((most, name) => Math.max(most, Number(/^slot(\d+)$/.exec(name)?.[1] ?? 0)), 0);
  return runs.map((run): Segment => {
    if (run.kind === 'common') return { kind: 'text', text: run.text };
    const kept = run.slots[0];
    if (kept !== undefined) return { kind: 'slot', name: kept };
    next += 1;
    return { kind: 'slot', name: `slot${next}` };
  });
}
