/** Places of one word in two texts. */
export type WordPair = readonly [number, number];

/** Cells of all alignment tables of one alignment, which bounds its time (about a millisecond) and memory. */
const alignmentCellsMax = 250_000;

/** Cuts that may lie within one another. */
const cutDepthMax = 3;

/**
 * Pairs of equal words, ascending on both sides: common beginning and end, and a longest common subsequence of what lies
 * between. A middle that is too large for that is first cut at the words that stand once on each side, in the longest
 * sequence whose order is the same on both (patience diff, B. Cohen); what is still too large counts as different.
 * `null` stands for a slot, which equals nothing.
 */
export function alignWords(
  one: readonly (string | null)[],
  other: readonly (string | null)[],
): readonly WordPair[] {
  const ids = new Map<string, number>();
  // Slots get ids of their own, so that no two of them are equal.
  let nextSlot = -1;
  const idOf = (word: string | null): number => {
    if (word === null) return nextSlot--;
    const known = ids.get(word);
    if (known !== undefined) return known;
    ids.set(word, ids.size);
    return ids.size - 1;
  };
  const work: Work = {
    one: Int32Array.from(one, idOf),
    other: Int32Array.from(other, idOf),
    pairs: [],
    cellsLeft: alignmentCellsMax,
  };
  alignPart(work, { from: 0, to: one.length, otherFrom: 0, otherTo: other.length }, cutDepthMax);
  return work.pairs;
}

interface Work {
  readonly one: Int32Array;
  readonly other: Int32Array;
  readonly pairs: WordPair[];
  cellsLeft: number;
}

interface Part {
  readonly from: number;
  readonly to: number;
  readonly otherFrom: number;
  readonly otherTo: number;
}

function alignPart(work: Work, part: Part, cutsLeft: number): void {
  const { one, other, pairs } = work;
  let { from, to, otherFrom, otherTo } = part;
  while (from < to && otherFrom < otherTo && one[from] === other[otherFrom]) {
    pairs.push([from, otherFrom]);
    from += 1;
    otherFrom += 1;
  }
  const tail: WordPair[] = [];
  while (from < to && otherFrom < otherTo && one[to - 1] === other[otherTo - 1]) {
    to -= 1;
    otherTo -= 1;
    tail.push([to, otherTo]);
  }
  if (from < to && otherFrom < otherTo) alignMiddle(work, { from, to, otherFrom, otherTo }, cutsLeft);
  for (const pair of tail.toReversed()) pairs.push(pair);
}

function alignMiddle(work: Work, part: Part, cutsLeft: number): void {
  const cells = (part.to - part.from + 1) * (part.otherTo - part.otherFrom + 1);
  if (cells <= work.cellsLeft) {
    work.cellsLeft -= cells;
    pushSubsequence(work, part);
    return;
  }
  const cuts = cutsLeft === 0 ? [] : cutsOf(work, part);
  let { from, otherFrom } = part;
  for (const [at, otherAt] of cuts) {
    alignPart(work, { from, to: at, otherFrom, otherTo: otherAt }, cutsLeft - 1);
    work.pairs.push([at, otherAt]);
    from = at + 1;
    otherFrom = otherAt + 1;
  }
  if (cuts.length > 0) alignPart(work, { from, to: part.to, otherFrom, otherTo: part.otherTo }, cutsLeft - 1);
}

/** Places of words that stand once on each side, ascending on both. */
function cutsOf({ one, other }: Work, { from, to, otherFrom, otherTo }: Part): readonly WordPair[] {
  const single = singlePlaces(one, from, to);
  const otherSingle = singlePlaces(other, otherFrom, otherTo);
  const shared: WordPair[] = [];
  for (const [id, at] of single) {
    const otherAt = at < 0 ? undefined : otherSingle.get(id);
    if (otherAt !== undefined && otherAt >= 0) shared.push([at, otherAt]);
  }
  return longestAscending(shared);
}

/** The place of each word, in order; -1 where it stands more than once. */
function singlePlaces(ids: Int32Array, from: number, to: number): ReadonlyMap<number, number> {
  const places = new Map<number, number>();
  for (let index = from; index < to; index += 1) {
    const id = ids[index] ?? 0;
    places.set(id, places.has(id) ? -1 : index);
  }
  return places;
}

/** Of pairs ascending in the first number, the longest sequence that ascends in the second too (patience sorting). */
function longestAscending(pairs: readonly WordPair[]): readonly WordPair[] {
  interface Link {
    readonly pair: WordPair;
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
  const found: WordPair[] = [];
  for (let link = ends.at(-1); link !== undefined; link = link.before) found.push(link.pair);
  return found.toReversed();
}

function pushSubsequence({ one, other, pairs }: Work, { from, to, otherFrom, otherTo }: Part): void {
  const width = otherTo - otherFrom + 1;
  const lengths = commonLengths(one.subarray(from, to), other.subarray(otherFrom, otherTo));
  let i = from;
  let j = otherFrom;
  while (i < to && j < otherTo) {
    const at = (i - from) * width + (j - otherFrom);
    if (one[i] === other[j]) {
      pairs.push([i, j]);
      i += 1;
      j += 1;
    } else if ((lengths[at + width] ?? 0) >= (lengths[at + 1] ?? 0)) i += 1;
    else j += 1;
  }
}

/** Length of the longest common subsequence of the suffixes from (i, j), row by row. */
function commonLengths(one: Int32Array, other: Int32Array): Uint32Array {
  const width = other.length + 1;
  const lengths = new Uint32Array((one.length + 1) * width);
  for (let i = one.length - 1; i >= 0; i -= 1) {
    const id = one[i];
    for (let j = other.length - 1; j >= 0; j -= 1) {
      const at = i * width + j;
      lengths[at] =
        id === other[j]
          ? (lengths[at + width + 1] ?? 0) + 1
          : Math.max(lengths[at + width] ?? 0, lengths[at + 1] ?? 0);
    }
  }
  return lengths;
}
