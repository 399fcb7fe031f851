import { alignWords } from './align-words.ts';
import type { Segment, Slot } from './skeleton.ts';
import { isWord, tokenize } from './tokenize.ts';

/** A piece of fixed text, or a slot, which equals nothing. */
export type Token = string | Slot;

/** Fixed text that both have, or a place where they differ, one side of which may be empty. */
export type Run =
  | { readonly kind: 'common'; readonly text: string }
  | { readonly kind: 'gap'; readonly one: readonly Token[]; readonly other: readonly Token[] };

/** Runs in the making. Runs of the two kinds alternate, whatever they are made from. */
export interface RunList {
  readonly runs: readonly Run[];
  readonly addCommon: (tokens: readonly Token[]) => void;
  readonly addGap: (one: readonly Token[], other: readonly Token[]) => void;
}

/** Starts empty. */
export function createRuns(): RunList {
  const runs: OpenRun[] = [];
  return {
    runs,
    addCommon: (tokens) => {
      const text = fixedTextOf(tokens);
      const run = runs.at(-1);
      if (text === '') return;
      if (run?.kind === 'common') run.text += text;
      else runs.push({ kind: 'common', text });
    },
    addGap: (one, other) => {
      if (one.length === 0 && other.length === 0) return;
      let run = runs.at(-1);
      if (run?.kind !== 'gap') runs.push((run = { kind: 'gap', one: [], other: [] }));
      for (const token of one) run.one.push(token);
      for (const token of other) run.other.push(token);
    },
  };
}

type OpenRun =
  | { readonly kind: 'common'; text: string }
  | { readonly kind: 'gap'; readonly one: Token[]; readonly other: Token[] };

/** The tokens of segments, slots among them. */
export function tokensOf(segments: readonly Segment[]): readonly Token[] {
  return segments.flatMap((segment): readonly Token[] =>
    segment.kind === 'slot' ? [segment] : tokenize(segment.text),
  );
}

/** The fixed text among tokens. */
export function fixedTextOf(tokens: readonly Token[]): string {
  return tokens.filter((token) => typeof token === 'string').join('');
}

/** A token as `alignWords` takes it. */
export function alignable(token: Token | undefined): string | null {
  return typeof token === 'string' ? token : null;
}

/**
 * Aligns two texts by their words, as `alignWords` does, and between them by the white space and marks that both have at
 * either end of a place where they differ.
 */
export function alignTokens(runs: RunList, one: readonly Token[], other: readonly Token[]): void {
  const [places, otherPlaces] = [wordPlaces(one), wordPlaces(other)];
  const pairs = alignWords(
    places.map((at) => alignable(one[at])),
    otherPlaces.map((at) => alignable(other[at])),
  );
  let [from, otherFrom] = [0, 0];
  for (const [index, otherIndex] of pairs) {
    const [at, otherAt] = [places[index] ?? 0, otherPlaces[otherIndex] ?? 0];
    addBetween(runs, one.slice(from, at), other.slice(otherFrom, otherAt));
    runs.addCommon(one.slice(at, at + 1));
    [from, otherFrom] = [at + 1, otherAt + 1];
  }
  addBetween(runs, one.slice(from), other.slice(otherFrom));
}

/** Where words and slots stand; all that is aligned. */
function wordPlaces(tokens: readonly Token[]): readonly number[] {
  const places: number[] = [];
  for (const [index, token] of tokens.entries())
    if (typeof token !== 'string' || isWord(token)) places.push(index);
  return places;
}

/** What lies between two words that both have: the same tokens at both ends are common, the rest is a gap. */
function addBetween(runs: RunList, one: readonly Token[], other: readonly Token[]): void {
  const shorter = Math.min(one.length, other.length);
  let head = 0;
  while (head < shorter && isSame(one[head], other[head])) head += 1;
  let tail = 0;
  while (tail < shorter - head && isSame(one.at(-1 - tail), other.at(-1 - tail))) tail += 1;
  runs.addCommon(one.slice(0, head));
  runs.addGap(one.slice(head, one.length - tail), other.slice(head, other.length - tail));
  runs.addCommon(one.slice(one.length - tail));
}

function isSame(one: Token | undefined, other: Token | undefined): boolean {
  return typeof one === 'string' && one === other;
}
