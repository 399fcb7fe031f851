/** The different words of a text, case folded, at most the first `wordsMax`. */
export function wordsOf(text: string, wordsMax: number = Infinity): ReadonlySet<string> {
  const words = new Set<string>();
  for (const [word] of text.toLowerCase().matchAll(/[\p{L}\p{N}]+/gu)) {
    if (words.size >= wordsMax) break;
    words.add(word);
  }
  return words;
}

/** Jaccard index of two sets of words, in [0, 1]; 0 for two empty ones. */
export function wordOverlap(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const [fewer, more] = one.size < other.size ? [one, other] : [other, one];
  let both = 0;
  for (const word of fewer) if (more.has(word)) both += 1;
  return both === 0 ? 0 : both / (one.size + other.size - both);
}
