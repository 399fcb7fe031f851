import { hasWordsAtMost, wordsOf } from './tokenize.ts';

/**
 * What a place where two prompts differ looks like.
 * - `filled`: nothing but what stands in a slot that is known.
 * - `value`: a few names, dates, numbers or ids on both sides, which no developer writes as instructions.
 * - `labelled`: text of any kind behind a label, such as `Context:`, `<documents>`, a fence or an opening quote.
 * - `text`: running text, which may be an instruction.
 */
export type GapKind = 'filled' | 'value' | 'labelled' | 'text';

/** Words that a value may have. */
const valueWordsMax = 12;

/** Words between a label and the place that it is about, which two values may share by chance. */
const wordsBehindLabelMax = 3;

/**
 * Whether a text, with what stands before it, is a value: it has no plain words, or more names, numbers and ids; as many
 * are enough where there is a number among them, as in a date that is written out.
 */
export function isValue(text: string, before: string, after = ''): boolean {
  if (!hasWordsAtMost(text, valueWordsMax)) return false;
  const words = wordsOf(text);
  // `Anna: …` or `Anna, …` at the very beginning.
  const isAddressed = before === '' && words.length === 1 && /^\s*[:,]/.test(after);
  let balance = 0;
  let plain = 0;
  let position = 0;
  for (const [index, word] of words.entries()) {
    position = text.indexOf(word, position);
    const next = words[index + 1];
    const isStart = startsSentence(before + text.slice(0, position)) && !isName(next) && !isAddressed;
    const kind = wordKind(word, isStart);
    if (kind === 'data') balance += 1;
    if (kind === 'plain') {
      balance -= 1;
      plain += 1;
    }
    position += word.length;
  }
  return plain === 0 || balance > 0 || (balance === 0 && /\p{N}/u.test(text));
}

/** Whether a word is written as a name is. */
function isName(word: string | undefined): boolean {
  return word !== undefined && /^\p{Lu}\p{Ll}/u.test(word);
}

/**
 * Whether fixed text ends in a label for what follows, but for a word or two that values share by chance. Labels that
 * announce instructions are none: `Your task:` stands before the very thing that tells two agents of a family apart.
 */
export function endsInLabel(before: string): boolean {
  const end = before.slice(-labelLengthMax);
  return labels.some(({ pattern, closing }) =>
    [...end.matchAll(pattern)].some(({ 0: found, index }) => {
      const behind = end.slice(index + found.length);
      return (
        isNear(behind) && !closing.test(behind) && !instructionLabel.test(end.slice(0, index + found.length))
      );
    }),
  );
}

/** Whether what stands behind a label still belongs to what the label is about. */
function isNear(behind: string): boolean {
  return !/[.!?](?:\s|$)|\S\s*\n/u.test(behind) && hasWordsAtMost(behind, wordsBehindLabelMax);
}

type WordKind = 'data' | 'plain' | 'neutral';

/**
 * Digits and inner capitals make data; so does a capital that begins no sentence. Words of up to two letters (`of`, `at`,
 * `de`) and scripts without capitals tell nothing. Words in capitals alone (`NEVER`) are plain.
 */
function wordKind(word: string, isSentenceStart: boolean): WordKind {
  if (/\p{N}/u.test(word) || /[@/_]/.test(word)) return 'data';
  if (!/\p{Ll}/u.test(word)) return /^\p{Lu}{2,}$/u.test(word) ? 'plain' : 'neutral';
  if (/\p{Lu}/u.test(word)) return isSentenceStart && !/.\p{Lu}/u.test(word) ? 'plain' : 'data';
  return word.length <= 2 ? 'neutral' : 'plain';
}

/** Whether a word behind this text begins a sentence or a line, where a capital says nothing. */
function startsSentence(before: string): boolean {
  return (
    before === '' || /(?:[.!?][)"'\u201d\u2019]*\s+|(?:^|\n)\s*(?:[-*#>]+\s*)?)$/u.test(before.slice(-64))
  );
}

/** Characters before a place in which its label is looked for. */
const labelLengthMax = 200;

/** A colon or equals sign behind a word, an opening tag, a fence, an opening quote, an opening bracket; and what ends each. */
const labels: readonly { readonly pattern: RegExp; readonly closing: RegExp }[] = [
  { pattern: /[\p{L}\p{N})\]"][*_"'`]*\s?[:=](?!\/)/gu, closing: /(?!)/ },
  { pattern: /<[\p{L}_][^<>\n]*>/gu, closing: /<\// },
  { pattern: /```\w*/g, closing: /```/ },
  { pattern: /"{3}|'{3}/g, closing: /"{3}|'{3}/ },
  { pattern: /(?<![^\s([{:,])["\u201c]/gu, closing: /["\u201d]/ },
  { pattern: /(?<![^\s:])[[{]/g, closing: /[\]}]/ },
];

/** What announces instructions, in English. In other languages such labels count as labels of data. */
const instructionLabel =
  /\b(?:tasks?|roles?|goals?|instructions?|rules?|objectives?|missions?|duties|guidelines|steps?|jobs?|purpose|persona|backstory|output|format|you|must|should|one of|only|with|following)[*_"'`]*\s?[:=]$/iu;
