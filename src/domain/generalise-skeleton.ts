import type { Segment, Skeleton } from './skeleton.ts';

/** Share of a skeleton's fixed words that a new instance must keep to count as the same prompt. */
export const fixedShareMin = 0.6;

/** Fixed words that a skeleton with slots must have, so that it says something about the prompt. */
const fixedWordsMin = 3;

/** Cells of the alignment table, which bounds its time and memory; a pair of prompts beyond it is not aligned. */
const cellsMax = 4_000_000;

/**
 * The least general skeleton that both the given one and `text` are instances of; `undefined` when they are not the
 * same prompt: fewer than 60 % of the skeleton's fixed words, or fewer than three, stand in `text` in the same order.
 *
 * Tokens (words with inner punctuation such as `2026-11-01`, white space, single marks) are aligned by their longest
 * common subsequence; what is not common becomes a slot, an existing slot keeps its name. A common run without a word
 * between two slots joins them, so that slots are whole phrases.
 */
export function generaliseSkeleton(skeleton: Skeleton, text: string): Skeleton | undefined {
  const old = tokensOf(skeleton.segments);
  const fresh = tokenize(text).map(fixed);
  const kept = alignedRuns(old, fresh);
  if (kept === undefined) return undefined;

  const fixedBefore = old.filter(isWord).length;
  const segments = nameSlots(joinWordlessRuns(kept), skeleton);
  const fixedAfter = segments.flatMap((segment) => (segment.kind === 'text' ? tokenize(segment.text) : []));
  const words = fixedAfter.map(fixed).filter(isWord).length;
  return words >= fixedWordsMin && words >= fixedShareMin * fixedBefore ? { segments } : undefined;
}

/** A piece of fixed text, or a slot of the old skeleton, by name. */
type Token = { readonly text: string } | { readonly slot: string };

/** Fixed text that both have, or a gap with the slots of the old skeleton that fell into it. */
type Run = { readonly kind: 'common'; text: string } | { readonly kind: 'gap'; slots: string[] };

const tokenPattern = /[\p{L}\p{N}]+(?:[-:/._@'’+,][\p{L}\p{N}]+)*|\s+|./gsu;

function tokenize(text: string): string[] {
  return text.match(tokenPattern) ?? [];
}

function fixed(text: string): Token {
  return { text };
}

function tokensOf(segments: readonly Segment[]): Token[] {
  return segments.flatMap((segment) =>
    segment.kind === 'slot' ? [{ slot: segment.name }] : tokenize(segment.text).map(fixed),
  );
}

function isWord(token: Token): boolean {
  return 'text' in token && /[\p{L}\p{N}]/u.test(token.text);
}

function isSame(one: Token | undefined, other: Token | undefined): boolean {
  return (
    one !== undefined && other !== undefined && 'text' in one && 'text' in other && one.text === other.text
  );
}

/** The alignment as runs; `undefined` when the differing middle parts are too large to align. */
function alignedRuns(old: readonly Token[], fresh: readonly Token[]): Run[] | undefined {
  let head = 0;
  while (head < old.length && isSame(old[head], fresh[head])) head += 1;
  let tail = 0;
  while (
    tail < Math.min(old.length, fresh.length) - head &&
    isSame(old[old.length - 1 - tail], fresh[fresh.length - 1 - tail])
  )
    tail += 1;
  const oldMiddle = old.slice(head, old.length - tail);
  const freshMiddle = fresh.slice(head, fresh.length - tail);
  if ((oldMiddle.length + 1) * (freshMiddle.length + 1) > cellsMax) return undefined;

  const runs: Run[] = [];
  for (const token of old.slice(0, head)) pushCommon(runs, token);
  pushMiddle(runs, oldMiddle, freshMiddle);
  for (const token of old.slice(old.length - tail)) pushCommon(runs, token);
  return runs;
}

function pushMiddle(runs: Run[], old: readonly Token[], fresh: readonly Token[]): void {
  const lengths = commonLengths(old, fresh);
  const width = fresh.length + 1;
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  let i = 0;
  let j = 0;
  while (i < old.length || j < fresh.length) {
    const token = old[i];
    if (isSame(token, fresh[j])) {
      pushCommon(runs, token);
      i += 1;
      j += 1;
    } else if (token !== undefined && (j === fresh.length || at(i + 1, j) >= at(i, j + 1))) {
      pushGap(runs, token);
      i += 1;
    } else {
      pushGap(runs, undefined);
      j += 1;
    }
  }
}

/** Length of the longest common subsequence of the suffixes from (i, j), row by row. */
function commonLengths(old: readonly Token[], fresh: readonly Token[]): Uint16Array {
  const width = fresh.length + 1;
  const lengths = new Uint16Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1)
    for (let j = fresh.length - 1; j >= 0; j -= 1)
      lengths[i * width + j] = isSame(old[i], fresh[j])
        ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1
        : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0);
  return lengths;
}

function pushCommon(runs: Run[], token: Token | undefined): void {
  if (token === undefined || !('text' in token)) return;
  const run = runs.at(-1);
  if (run?.kind === 'common') run.text += token.text;
  else runs.push({ kind: 'common', text: token.text });
}

function pushGap(runs: Run[], token: Token | undefined): void {
  const slots = token !== undefined && 'slot' in token ? [token.slot] : [];
  const run = runs.at(-1);
  if (run?.kind === 'gap') run.slots.push(...slots);
  else runs.push({ kind: 'gap', slots });
}

function joinWordlessRuns(runs: readonly Run[]): Run[] {
  const joined: Run[] = [];
  for (const [index, run] of runs.entries()) {
    const previous = joined.at(-1);
    const isBetweenGaps = previous?.kind === 'gap' && runs[index + 1]?.kind === 'gap';
    if (run.kind === 'common' && isBetweenGaps && !isWord(fixed(run.text))) continue;
    if (run.kind === 'gap' && previous?.kind === 'gap') previous.slots.push(...run.slots);
    else joined.push(run.kind === 'gap' ? { kind: 'gap', slots: [...run.slots] } : run);
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
