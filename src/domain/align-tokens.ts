import type { Segment } from './skeleton.ts';

/** A piece of fixed text, or a slot by name, which equals nothing. */
export type Token = { readonly text: string } | { readonly slot: string };

/** Fixed text that both have, or a gap with the slots of the old skeleton that fell into it. */
export type Run =
  | { readonly kind: 'common'; readonly text: string }
  | { readonly kind: 'gap'; readonly slots: readonly string[] };

/** Cells of all alignment tables of one alignment, which bounds its time and memory. */
const cellsMax = 4_000_000;

const tokenPattern = /[\p{L}\p{N}]+(?:[-:/._@'’+,][\p{L}\p{N}]+)*|\s+|./gsu;

/** Words with inner punctuation such as `2026-11-01`, white space, single marks; together they are the text. */
export function tokenize(text: string): string[] {
  return text.match(tokenPattern) ?? [];
}

/** A token of fixed text. */
export function fixed(text: string): Token {
  return { text };
}

/** The tokens of a skeleton, its slots among them. */
export function tokensOf(segments: readonly Segment[]): Token[] {
  return segments.flatMap((segment) =>
    segment.kind === 'slot' ? [{ slot: segment.name }] : tokenize(segment.text).map(fixed),
  );
}

/** Whether a token is a word or a number of fixed text. */
export function isWord(token: Token): boolean {
  return 'text' in token && /[\p{L}\p{N}]/u.test(token.text);
}

/**
 * Aligns two texts by their longest common subsequence; no two runs of a kind are neighbours. Where the part between
 * common beginning and end is too long for that (4,000,000 cells), it is first cut at the words that stand once in each,
 * in the longest sequence whose order is the same in both (patience diff, B. Cohen), and the pieces are aligned one
 * after the other while cells are left; what remains counts as different.
 */
export function alignTokens(old: readonly Token[], fresh: readonly Token[]): readonly Run[] {
  const runs: OpenRun[] = [];
  alignPart(runs, old, fresh, { cellsLeft: cellsMax, isCut: false });
  return runs;
}

type OpenRun = { readonly kind: 'common'; text: string } | { readonly kind: 'gap'; slots: string[] };

interface Effort {
  cellsLeft: number;
  /** Whether the part is a piece already, which has no further place to be cut at. */
  readonly isCut: boolean;
}

function alignPart(runs: OpenRun[], old: readonly Token[], fresh: readonly Token[], effort: Effort): void {
  const shorter = Math.min(old.length, fresh.length);
  let head = 0;
  while (head < shorter && isSame(old[head], fresh[head])) head += 1;
  let tail = 0;
  while (tail < shorter - head && isSame(old[old.length - 1 - tail], fresh[fresh.length - 1 - tail]))
    tail += 1;
  for (const token of old.slice(0, head)) pushCommon(runs, token);
  alignMiddle(runs, old.slice(head, old.length - tail), fresh.slice(head, fresh.length - tail), effort);
  for (const token of old.slice(old.length - tail)) pushCommon(runs, token);
}

function alignMiddle(runs: OpenRun[], old: readonly Token[], fresh: readonly Token[], effort: Effort): void {
  const cells = (old.length + 1) * (fresh.length + 1);
  if (cells <= effort.cellsLeft) {
    effort.cellsLeft -= cells;
    pushSubsequence(runs, old, fresh);
    return;
  }
  const anchors = effort.isCut ? [] : anchorsOf(old, fresh);
  if (anchors.length === 0) {
    for (const token of old) pushGap(runs, token);
    if (fresh.length > 0) pushGap(runs, undefined);
    return;
  }
  const piece: Effort = { cellsLeft: effort.cellsLeft, isCut: true };
  let [i, j] = [0, 0];
  for (const [at, freshAt] of [...anchors, [old.length, fresh.length] as const]) {
    alignPart(runs, old.slice(i, at), fresh.slice(j, freshAt), piece);
    pushCommon(runs, old[at]);
    [i, j] = [at + 1, freshAt + 1];
  }
}

/** Positions of words that stand once on each side, ascending on both. */
function anchorsOf(old: readonly Token[], fresh: readonly Token[]): readonly (readonly [number, number])[] {
  const [inOld, inFresh] = [singleWords(old), singleWords(fresh)];
  const shared: [number, number][] = [];
  for (const [word, at] of inOld) {
    const freshAt = inFresh.get(word);
    if (freshAt !== undefined) shared.push([at, freshAt]);
  }
  return longestAscending(shared);
}

/** Words that occur once, with their positions, in order. */
function singleWords(tokens: readonly Token[]): ReadonlyMap<string, number> {
  const single = new Map<string, number>();
  const repeated = new Set<string>();
  for (const [index, token] of tokens.entries()) {
    if (!isWord(token) || !('text' in token) || repeated.has(token.text)) continue;
    if (single.delete(token.text)) repeated.add(token.text);
    else single.set(token.text, index);
  }
  return single;
}

/** Of pairs ascending in the first number, the longest sequence that ascends in the second too (patience sorting). */
function longestAscending(
  pairs: readonly (readonly [number, number])[],
): readonly (readonly [number, number])[] {
  interface Link {
    readonly pair: readonly [number, number];
    readonly before: Link | undefined;
  }
  const ends: Link[] = [];
  for (const pair of pairs) {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle]?.pair[1] ?? 0) < pair[1]) low = middle + 1;
      else high = middle;
    }
    ends[low] = { pair, before: ends[low - 1] };
  }
  const found: (readonly [number, number])[] = [];
  for (let link = ends.at(-1); link !== undefined; link = link.before) found.push(link.pair);
  return found.toReversed();
}

function pushSubsequence(runs: OpenRun[], old: readonly Token[], fresh: readonly Token[]): void {
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

function isSame(one: Token | undefined, other: Token | undefined): boolean {
  return (
    one !== undefined && other !== undefined && 'text' in one && 'text' in other && one.text === other.text
  );
}

function pushCommon(runs: OpenRun[], token: Token | undefined): void {
  if (token === undefined || !('text' in token)) return;
  const run = runs.at(-1);
  if (run?.kind === 'common') run.text += token.text;
  else runs.push({ kind: 'common', text: token.text });
}

function pushGap(runs: OpenRun[], token: Token | undefined): void {
  const slots = token !== undefined && 'slot' in token ? [token.slot] : [];
  const run = runs.at(-1);
  if (run?.kind === 'gap') run.slots.push(...slots);
  else runs.push({ kind: 'gap', slots });
}
