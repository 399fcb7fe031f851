/** Scripts that are written without spaces: each character counts as a word. */
const unspaced: string = ['Han', 'Hira', 'Kana', 'Thai', 'Lao', 'Khmr', 'Mymr']
  .map((script) => `\\p{sc=${script}}`)
  .join('');
const letters: string = `[[\\p{L}\\p{N}\\p{M}]--[${unspaced}]]`;
const word: string = `${letters}+(?:[\\-:\\/._@'\u2019+,]${letters}+)*|[${unspaced}]\\p{M}*`;

const tokenPattern: RegExp = new RegExp(`${word}|\\s+|.`, 'gsv');
const wordPattern: RegExp = new RegExp(word, 'gv');
const hasLetter: RegExp = /[\p{L}\p{N}]/u;

/** Words with inner punctuation such as `2026-11-01`, white space, single marks; together they are the text. */
export function tokenize(text: string): readonly string[] {
  return text.match(tokenPattern) ?? [];
}

/** Whether a token is a word or a number. */
export function isWord(token: string): boolean {
  return hasLetter.test(token);
}

/** The words of a text. */
export function wordsOf(text: string): readonly string[] {
  return text.match(wordPattern) ?? [];
}

/** Whether a text has at most so many words; looks no further than it must. */
export function hasWordsAtMost(text: string, wordsMax: number): boolean {
  let count = 0;
  for (const _ of text.matchAll(wordPattern)) {
    count += 1;
    if (count > wordsMax) return false;
  }
  return true;
}
