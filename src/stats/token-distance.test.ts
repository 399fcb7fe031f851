import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokenDistance, tokenize } from './token-distance.ts';

/** The textbook recurrence. */
function levenshtein(one: readonly string[], other: readonly string[]): number {
  let row = other.map((_, index) => index + 1);
  row.unshift(0);
  one.forEach((token, i) => {
    const next = [i + 1];
    other.forEach((candidate, j) =>
      next.push(Math.min(row[j + 1]! + 1, next[j]! + 1, row[j]! + (token === candidate ? 0 : 1))),
    );
    row = next;
  });
  return row.at(-1)!;
}

const text = fc.array(fc.constantFrom('a', 'be', ' ', '\n\n', '.', '{{x}}', 'naïve', '😀', '你好'), {
  maxLength: 40,
});

describe('tokenize', () => {
  it.each([
    ['', []],
    ['Be brief, please.', ['Be', ' ', 'brief', ',', ' ', 'please', '.']],
    ['{{name}}\n\n- x_1', ['{', '{', 'name', '}', '}', '\n\n', '-', ' ', 'x_1']],
    ['naïve 😀😀', ['naïve', ' ', '😀', '😀']],
  ])('%j is %j', (input, expected) => {
    expect(tokenize(input)).toEqual(expected);
  });

  it('loses nothing', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (input) => tokenize(input).join('') === input));
  });
});

describe('tokenDistance', () => {
  it.each([
    ['', '', { edits: 0, relative: 0, tokensMax: 0 }],
    ['same words', 'same words', { edits: 0, relative: 0, tokensMax: 3 }],
    ['', 'two words', { edits: 3, relative: 1, tokensMax: 3 }],
    ['Be brief.', 'Be very brief.', { edits: 2, relative: 2 / 6, tokensMax: 6 }],
    ['a b c', 'a x c', { edits: 1, relative: 1 / 5, tokensMax: 5 }],
  ])('from %j to %j', (one, other, expected) => {
    expect(tokenDistance(one, other)).toEqual(expected);
  });

  it('equals the textbook recurrence over tokens, both ways', () => {
    fc.assert(
      fc.property(text, text, (ones, others) => {
        const [one, other] = [ones.join(''), others.join('')];
        const expected = levenshtein(tokenize(one), tokenize(other));
        expect(tokenDistance(one, other).edits).toBe(expected);
        expect(tokenDistance(other, one).edits).toBe(expected);
      }),
    );
  });

  it('counts everything where there are more distinct tokens than code units', () => {
    const words = (prefix: string): string => Array.from({ length: 40_000 }, (_, i) => prefix + i).join('.');
    expect(tokenDistance(words('a'), words('b'))).toEqual({ edits: 79_999, relative: 1, tokensMax: 79_999 });
  });
});
