import {
  alignable,
  alignTokens,
  createRuns,
  fixedTextOf,
  tokensOf,
  type Run,
  type RunList,
  type Token,
} from './align-tokens.ts';
import { alignWords } from './align-words.ts';
import type { Segment } from './skeleton.ts';

/** Characters of each side that are aligned word by word at a time, and in all: what bounds the time of an alignment. */
const partLengthMax = 4_096;
const lengthMax = 16_384;

/** Longest side that is aligned at all. Much longer prompts are one only where what differs lies close together. */
const sideLengthMax = 262_144;

/**
 * Aligns two texts. Short ones, and those that are equal but for a short part, word by word; longer ones first by whole
 * sentences, clauses and lines, and word by word what lies between these. Of a part that is too long even then, its beginning and
 * its end are aligned, and what lies between counts as different.
 */
export function alignTexts(one: readonly Segment[], other: readonly Segment[]): readonly Run[] {
  const runs = createRuns();
  const length = Math.max(lengthOf(one), lengthOf(other));
  if (length > sideLengthMax) {
    runs.addGap(one.map(tokenOf), other.map(tokenOf));
    return runs.runs;
  }
  if (length <= partLengthMax) {
    alignTokens(runs, tokensOf(one), tokensOf(other));
    return runs.runs;
  }
  const [pieces, otherPieces] = [piecesOf(one), piecesOf(other)];
  const effort: Effort = { lengthLeft: lengthMax };
  let [from, otherFrom] = [0, 0];
  for (const [at, otherAt] of alignWords(pieces.map(alignable), otherPieces.map(alignable))) {
    alignPieces(runs, pieces.slice(from, at), otherPieces.slice(otherFrom, otherAt), effort);
    runs.addCommon(pieces.slice(at, at + 1));
    [from, otherFrom] = [at + 1, otherAt + 1];
  }
  alignPieces(runs, pieces.slice(from), otherPieces.slice(otherFrom), effort);
  return runs.runs;
}

interface Effort {
  lengthLeft: number;
}

/** Lines, sentences, clauses and members of JSON, each with the white space behind it. */
const piecePattern = /[^\n]*?(?:[.!?,;:]\s+|[,:}\]](?=["{[])|\n\s*|$)/gu;

function piecesOf(segments: readonly Segment[]): readonly Token[] {
  return segments.flatMap((segment): readonly Token[] =>
    segment.kind === 'slot'
      ? [segment]
      : (segment.text.match(piecePattern) ?? []).filter((piece) => piece !== ''),
  );
}

function tokenOf(segment: Segment): Token {
  return segment.kind === 'slot' ? segment : segment.text;
}

function lengthOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, segment) => sum + (segment.kind === 'text' ? segment.text.length : 0), 0);
}

function alignPieces(runs: RunList, one: readonly Token[], other: readonly Token[], effort: Effort): void {
  const length = Math.min(partLengthMax, effort.lengthLeft);
  const [head, middle, tail] = ends(one, length);
  const [otherHead, otherMiddle, otherTail] = ends(other, length);
  for (const part of [head, otherHead, tail, otherTail]) effort.lengthLeft -= fixedTextOf(part).length / 2;
  if (middle.length === 0 && otherMiddle.length === 0) {
    alignTokens(runs, tokensIn([...head, ...tail]), tokensIn([...otherHead, ...otherTail]));
    return;
  }
  alignTokens(runs, tokensIn(head), tokensIn(otherHead));
  runs.addGap(middle, otherMiddle);
  alignTokens(runs, tokensIn(tail), tokensIn(otherTail));
}

function tokensIn(pieces: readonly Token[]): readonly Token[] {
  return tokensOf(pieces.map((piece) => (typeof piece === 'string' ? { kind: 'text', text: piece } : piece)));
}

type Parts = readonly [head: readonly Token[], middle: readonly Token[], tail: readonly Token[]];

/** The first and the last pieces of a side, together no longer than allowed. */
function ends(pieces: readonly Token[], length: number): Parts {
  let [from, to] = [0, pieces.length];
  for (let left = length / 2; from < to; from += 1) {
    left -= pieceLength(pieces[from]);
    if (left < 0) break;
  }
  for (let left = length / 2; from < to; to -= 1) {
    left -= pieceLength(pieces[to - 1]);
    if (left < 0) break;
  }
  return [pieces.slice(0, from), pieces.slice(from, to), pieces.slice(to)];
}

function pieceLength(piece: Token | undefined): number {
  return typeof piece === 'string' ? piece.length : 0;
}
