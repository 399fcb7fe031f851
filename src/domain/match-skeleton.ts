import type { Skeleton, Slot, SlotValues } from './skeleton.ts';
import { hasWordsAtMost } from './tokenize.ts';

/** Places that are tried for fixed text which stands more than once, before a prompt counts as no instance. */
const triesMax = 64;

/**
 * What the agent filled into each slot, when `text` is an instance of the skeleton; else `undefined`. Filling the values
 * in again gives `text` byte for byte.
 *
 * Where fixed text also occurs in a value there are several readings. `first` gives each slot the shortest value that
 * lets the rest follow, from the beginning on; `last` from the end on. Both agree wherever all readings do: the place of
 * a piece of fixed text lies between its place in the one and in the other. Slots may be empty. Time is linear in the
 * text for each segment and each try.
 */
export function matchSkeleton(
  skeleton: Skeleton,
  text: string,
  reading: 'first' | 'last' = 'first',
): SlotValues | undefined {
  const { head, places } = shapeOf(skeleton);
  const last = places.at(-1);
  if (last === undefined) return text === head ? {} : undefined;
  if (text.length < head.length + last.behind.length) return undefined;
  if (!text.startsWith(head) || !text.endsWith(last.behind)) return undefined;
  const bounds: Bounds = { text, start: head.length, end: text.length - last.behind.length };
  const values = reading === 'first' ? readForwards(places, bounds) : readBackwards(places, bounds);
  return values && Object.fromEntries(places.map(({ slot }, index) => [slot.name, values[index] ?? '']));
}

/** A slot and the fixed text up to the next one. */
interface Place {
  readonly slot: Slot;
  readonly behind: string;
}

interface Shape {
  readonly head: string;
  readonly places: readonly Place[];
}

const shapes = new WeakMap<Skeleton, Shape>();

function shapeOf(skeleton: Skeleton): Shape {
  const known = shapes.get(skeleton);
  if (known !== undefined) return known;
  let head = '';
  const places: { slot: Slot; behind: string }[] = [];
  for (const segment of skeleton.segments) {
    const place = places.at(-1);
    if (segment.kind === 'slot') places.push({ slot: segment, behind: '' });
    else if (place === undefined) head += segment.text;
    else place.behind += segment.text;
  }
  const shape = { head, places };
  shapes.set(skeleton, shape);
  return shape;
}

/** The part of the text that is left to slots and the fixed text between them. */
interface Bounds {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

function readForwards(places: readonly Place[], { text, start, end }: Bounds): string[] | undefined {
  let tries = triesMax;
  const read = (index: number, from: number): string[] | undefined => {
    const place = places[index];
    if (place === undefined) return undefined;
    const { slot, behind } = place;
    if (index === places.length - 1) return fits(slot, text, from, end) ? [text.slice(from, end)] : undefined;
    for (let at = text.indexOf(behind, from); at !== -1; at = text.indexOf(behind, at + 1)) {
      const next = at + behind.length;
      if (next > end || !fits(slot, text, from, at)) return undefined;
      const rest = read(index + 1, next);
      if (rest !== undefined) return [text.slice(from, at), ...rest];
      tries -= 1;
      // Of two slots side by side the first one is empty.
      if (tries < 0 || behind === '') return undefined;
    }
    return undefined;
  };
  return read(0, start);
}

function readBackwards(places: readonly Place[], { text, start, end }: Bounds): string[] | undefined {
  let tries = triesMax;
  const read = (index: number, to: number): string[] | undefined => {
    const place = places[index];
    const before = places[index - 1];
    if (place === undefined) return undefined;
    const { slot } = place;
    if (before === undefined) return fits(slot, text, start, to) ? [text.slice(start, to)] : undefined;
    const { behind } = before;
    let at = text.lastIndexOf(behind, to - behind.length);
    for (; at >= start; at = at === 0 ? -1 : text.lastIndexOf(behind, at - 1)) {
      const from = at + behind.length;
      if (!fits(slot, text, from, to)) return undefined;
      const rest = read(index - 1, at);
      if (rest !== undefined) return [...rest, text.slice(from, to)];
      tries -= 1;
      if (tries < 0 || behind === '') return undefined;
    }
    return undefined;
  };
  return read(places.length - 1, end);
}

function fits({ wordsMax }: Slot, text: string, from: number, to: number): boolean {
  if (from > to) return false;
  return wordsMax === undefined || hasWordsAtMost(text.slice(from, to), wordsMax);
}
