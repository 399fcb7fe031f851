import type { Segment } from './skeleton.ts';

/** The beginning and the end that two skeletons share, and what is left of each between them. */
export interface Ends {
  readonly head: string;
  readonly tail: string;
  readonly one: readonly Segment[];
  readonly other: readonly Segment[];
}

/**
 * Cuts off the beginning and the end that both have, where a word ends on both sides: what is equal needs no alignment,
 * and most prompts differ in few places.
 */
export function commonEnds(one: readonly Segment[], other: readonly Segment[]): Ends {
  const [first, otherFirst] = [one[0], other[0]];
  if (first?.kind !== 'text' || otherFirst?.kind !== 'text')
    return commonTail({ head: '', tail: '', one, other });
  const length = commonLength(first.text, otherFirst.text);
  const head =
    length === first.text.length && length === otherFirst.text.length ? length : wordEnd(first.text, length);
  return commonTail({
    head: first.text.slice(0, head),
    tail: '',
    one: [{ kind: 'text', text: first.text.slice(head) }, ...one.slice(1)],
    other: [{ kind: 'text', text: otherFirst.text.slice(head) }, ...other.slice(1)],
  });
}

function commonTail({ head, one, other }: Ends): Ends {
  const [last, otherLast] = [one.at(-1), other.at(-1)];
  if (last?.kind !== 'text' || otherLast?.kind !== 'text') return { head, tail: '', one, other };
  const tail = last.text.slice(
    wordStart(last.text, last.text.length - commonTailLength(last.text, otherLast.text)),
  );
  return {
    head,
    tail,
    one: [...one.slice(0, -1), { kind: 'text', text: last.text.slice(0, last.text.length - tail.length) }],
    other: [
      ...other.slice(0, -1),
      { kind: 'text', text: otherLast.text.slice(0, otherLast.text.length - tail.length) },
    ],
  };
}

function commonLength(one: string, other: string): number {
  const shorter = Math.min(one.length, other.length);
  let length = 0;
  while (length < shorter && one.charCodeAt(length) === other.charCodeAt(length)) length += 1;
  return length;
}

function commonTailLength(one: string, other: string): number {
  const shorter = Math.min(one.length, other.length);
  let length = 0;
  while (
    length < shorter &&
    one.charCodeAt(one.length - 1 - length) === other.charCodeAt(other.length - 1 - length)
  )
    length += 1;
  return length;
}

/** The last place up to `length` at which white space begins, so that no token is cut. */
function wordEnd(text: string, length: number): number {
  let end = length - 1;
  while (end > 0 && !(isSpace(text, end) && !isSpace(text, end - 1))) end -= 1;
  return Math.max(end, 0);
}

/** The first place from `from` on at which white space has just ended. */
function wordStart(text: string, from: number): number {
  let start = from + 1;
  while (start < text.length && !(isSpace(text, start - 1) && !isSpace(text, start))) start += 1;
  return Math.min(start, text.length);
}

function isSpace(text: string, at: number): boolean {
  return /\s/.test(text.charAt(at));
}
