import { distance } from 'fastest-levenshtein';

/** How far two texts lie apart, counted in tokens. */
export interface TokenDistance {
  /** Tokens to insert, delete or replace. */
  readonly edits: number;
  /** `edits` as a share of `tokensMax`, in [0, 1]; 0 for two empty texts. */
  readonly relative: number;
  /** Length of the longer text, tokens. */
  readonly tokensMax: number;
}

/**
 * Splits a text into tokens that join up to the text again. A token is a run of letters, marks, digits and
 * underscores; a run of white space; or any other single character. Coarser than a model's tokens, but the same for
 * every model.
 */
export function tokenize(text: string): readonly string[] {
  return text.match(tokens) ?? [];
}

const tokens = /[\p{L}\p{M}\p{N}_]+|\s+|[^\p{L}\p{M}\p{N}_\s]/gu;

/**
 * Levenshtein distance over tokens: Levenshtein, "Binary codes capable of correcting deletions, insertions, and
 * reversals" (1966), by Myers' bit-parallel method.
 *
 * Each distinct token becomes one UTF-16 code unit. What both texts begin and end with is left out first, which
 * changes no distance. Should more than 65,536 distinct tokens remain, the answer is the upper bound: all of them.
 */
export function tokenDistance(one: string, other: string): TokenDistance {
  const ones = tokenize(one);
  const others = tokenize(other);
  const tokensMax = Math.max(ones.length, others.length);
  const edits = distanceOf(...withoutCommonEnds(ones, others));
  return { edits, relative: tokensMax === 0 ? 0 : edits / tokensMax, tokensMax };
}

function withoutCommonEnds(
  ones: readonly string[],
  others: readonly string[],
): [readonly string[], readonly string[]] {
  const length = Math.min(ones.length, others.length);
  let head = 0;
  while (head < length && ones[head] === others[head]) head++;
  let tail = 0;
  while (tail < length - head && ones.at(-1 - tail) === others.at(-1 - tail)) tail++;
  return [ones.slice(head, ones.length - tail), others.slice(head, others.length - tail)];
}

function distanceOf(ones: readonly string[], others: readonly string[]): number {
  const codes = new Map<string, number>();
  for (const token of [...ones, ...others]) if (!codes.has(token)) codes.set(token, codes.size);
  if (codes.size > codeUnits) return Math.max(ones.length, others.length);
  const encode = (list: readonly string[]): string =>
    list.map((token) => String.fromCharCode(codes.get(token) ?? 0)).join('');
  return distance(encode(ones), encode(others));
}

const codeUnits = 0x1_0000;
