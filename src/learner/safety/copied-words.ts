/** Consecutive words, punctuation aside, from which on a text counts as copied, whatever stands around them. */
const copiedWordsMin = 8;

/** Words of the runs that are counted where the share of a text that is taken over is measured. */
const runWords = 3;

/** Share of the runs of a text, from which on it is the words of somebody else. */
const takenShareMin = 0.5;

/** Tells whether the words of a text come from others. */
export interface CopiedWords {
  /** Whether a text has `copiedWordsMin` consecutive words of one of the sources. */
  readonly hasRun: (text: string) => boolean;
  /**
   * Whether at least half of the runs of three words of a text stand in one of the sources: then it says what somebody
   * wrote, however short it is. A text of fewer words says too little to tell.
   */
  readonly isTaken: (text: string) => boolean;
}

/**
 * Overlap of word n-grams (containment: Broder, "On the resemblance and containment of documents", 1997) with some
 * texts. Case, punctuation and white space do not count; of scripts without spaces each character is a word. Runs that
 * stand in one of `allowed` count on neither side.
 */
export function createCopiedWords(sources: readonly string[], allowed: readonly string[]): CopiedWords {
  const own = { short: runsOf(allowed, runWords), long: runsOf(allowed, copiedWordsMin) };
  const long = runsOf(sources, copiedWordsMin);
  const short = sources.map((source) => runsOf([source], runWords));
  return {
    hasRun: (text) => [...runsOf([text], copiedWordsMin)].some((run) => long.has(run) && !own.long.has(run)),
    isTaken: (text) => {
      const runs = [...runsOf([text], runWords)].filter((run) => !own.short.has(run));
      if (runs.length === 0) return false;
      return short.some(
        (source) => runs.filter((run) => source.has(run)).length >= takenShareMin * runs.length,
      );
    },
  };
}

function runsOf(texts: readonly string[], length: number): ReadonlySet<string> {
  const runs = new Set<string>();
  for (const text of texts) {
    const words = wordsOf(text);
    for (let start = 0; start + length <= words.length; start += 1)
      runs.add(words.slice(start, start + length).join(' '));
  }
  return runs;
}

const wordPattern =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])[\p{L}\p{N}\p{M}])+/gu;

function wordsOf(text: string): readonly string[] {
  return (
    text
      .normalize('NFKC')
      .replaceAll(/\p{Cf}/gu, '')
      .toLowerCase()
      .match(wordPattern) ?? []
  );
}
