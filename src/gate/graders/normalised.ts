import type { GraderConfig, TextFeature } from '../../domain/grader.ts';
import { missing, scored, type Grader } from './grader.ts';
import { outputText } from './output-text.ts';

/**
 * 1 where answer and ground truth are the same but for what is to be ignored, else 0; missing without ground truth.
 * Unlike `exact` it looks past punctuation inside a text too, and knows nothing of JSON. With `match: contains` it is
 * enough that the ground truth stands in the answer, as whole words. A text of which nothing is left is compared as
 * it is, so that "+" and "-" stay two answers.
 */
export const normalised: Grader<Extract<GraderConfig, { kind: 'normalised' }>> = {
  isDeterministic: true,
  grade: ({ ignore, match }, { answer, expected }) => {
    if (expected === null) return missing('no ground truth is known');
    const said = outputText(answer);
    const [mine, truth] = [withoutFeatures(said, ignore), withoutFeatures(expected, ignore)];
    if (truth === '') return scored(said === expected ? 1 : 0);
    return scored(mine === truth || (match === 'contains' && hasWords(mine, truth)) ? 1 : 0);
  },
};

/**
 * A text without what does not count:
 * - `unicode`: compatible characters are one, such as "ﬁ" and "fi", or wide and narrow forms (NFKC);
 * - `case`: upper and lower;
 * - `accents`: marks on letters, such as "é" and "e";
 * - `punctuation`: every sign that is neither letter, digit nor white space, but for the sign, the point and the comma
 *   of a number and what counts money or shares ("-5", "1.5", "$3", "50%"); a hyphen between letters parts words;
 * - `articles`: a, an, the (English), as in the SQuAD benchmark (Rajpurkar et al., 2016);
 * - `whitespace`: how much there is of it, and at the ends.
 */
export function withoutFeatures(text: string, ignore: readonly TextFeature[]): string {
  let left = text;
  for (const [feature, remove] of removals) if (ignore.includes(feature)) left = remove(left);
  return left;
}

/** In the order in which they are done. */
const removals: readonly (readonly [TextFeature, (text: string) => string])[] = [
  ['unicode', (text) => text.normalize('NFKC')],
  ['case', (text) => text.toLowerCase()],
  [
    'accents',
    (text) =>
      text
        .normalize('NFD')
        .replaceAll(/\p{Mn}/gu, '')
        .normalize('NFC'),
  ],
  ['punctuation', withoutPunctuation],
  ['articles', (text) => text.replaceAll(/(?<![\p{L}\p{N}])(?:a|an|the)(?![\p{L}\p{N}])/giu, ' ')],
  ['whitespace', (text) => text.replaceAll(/\s+/g, ' ').trim()],
];

/** Signs between words part them, but for the dots and apostrophes of "U.S." and "don't". */
function withoutPunctuation(text: string): string {
  return text.replaceAll(/[^\p{L}\p{M}\p{N}\s]/gu, (sign, at: number) => {
    const before = text.slice(Math.max(0, at - 2), at);
    const after = text.slice(at + sign.length, at + sign.length + 2);
    if (isOfNumber(sign, before, after)) return sign;
    const isBetween = wordAtEnd.test(before.slice(-2)) && wordAtStart.test(after);
    return isBetween && !/['\u2019.]/.test(sign) ? ' ' : '';
  });
}

function isOfNumber(sign: string, before: string, after: string): boolean {
  if (/[%\p{Sc}]/u.test(sign)) return true;
  if (/[-+\u2212]/.test(sign)) return /^[.,]?\d/.test(after) && !wordAtEnd.test(before.slice(-2));
  return /[.,]/.test(sign) && /^\d/.test(after) && (/\d$/.test(before) || !/[\p{L}.,]$/u.test(before));
}

/** Whether the words stand in the text without a letter or digit right before or behind them. */
function hasWords(text: string, words: string): boolean {
  for (let at = text.indexOf(words); at !== -1; at = text.indexOf(words, at + 1)) {
    const isOpen = !(wordAtEnd.test(text.slice(0, at).slice(-2)) && wordAtStart.test(words));
    const isClosed = !(wordAtEnd.test(words.slice(-2)) && wordAtStart.test(text.slice(at + words.length)));
    if (isOpen && isClosed) return true;
  }
  return false;
}

const wordAtEnd = /[\p{L}\p{M}\p{N}]$/u;
const wordAtStart = /^[\p{L}\p{M}\p{N}]/u;
