import type { Skeleton } from '../domain/skeleton.ts';
import { createPrefixList, type PrefixList } from './prefix-list.ts';

/** Characters at the end of a skeleton that it is found by, at most. */
const tailLengthMax = 256;

/** A beginning that is so long tells enough. */
const headLengthEnough = 64;

/** Finds the skeletons that a prompt may be an instance of, however many there are. */
export interface PromptIndex<Item> {
  /** Files an item under a skeleton, in place of the one that it was filed under before. */
  readonly set: (item: Item, skeleton: Skeleton) => void;
  readonly delete: (item: Item) => void;
  /** Items whose skeleton begins, or ends, as the prompt does; those that share more with it first. */
  readonly candidates: (prompt: string, count: number) => readonly Item[];
  /** Items whose skeleton shares the longest beginnings or ends with the prompt, so many of each. */
  readonly nearest: (prompt: string, count: number) => readonly Item[];
}

/** Empty. Each skeleton is filed by its beginning, or by its end where that is the longer piece of fixed text. */
export function createPromptIndex<Item>(): PromptIndex<Item> {
  const heads = createPrefixList<Item>();
  const tails = createPrefixList<Item>();
  const places = new Map<
    Item,
    { readonly list: PrefixList<Item>; readonly key: string; skeleton: Skeleton }
  >();
  const remove = (item: Item): void => {
    const place = places.get(item);
    place?.list.remove(place.key, item);
    places.delete(item);
  };
  return {
    set: (item, skeleton) => {
      if (places.get(item)?.skeleton === skeleton) return;
      remove(item);
      const [head, tail] = [textAt(skeleton, 0), textAt(skeleton, -1)];
      const isByHead = head.length >= headLengthEnough || head.length >= tail.length;
      const list = isByHead ? heads : tails;
      const key = isByHead ? head : reversedEnd(tail);
      list.add(key, item);
      places.set(item, { list, key, skeleton });
    },
    delete: remove,
    candidates: (prompt, count) => {
      const found: Item[] = [];
      for (const [list, text] of [
        [heads, prompt],
        [tails, reversedEnd(prompt)],
      ] as const)
        for (const item of list.of(text)) {
          if (found.length >= count) return found;
          found.push(item);
        }
      return found;
    },
    nearest: (prompt, count) => [
      ...heads.nearest(prompt, count),
      ...tails.nearest(reversedEnd(prompt), count),
    ],
  };
}

function textAt({ segments }: Skeleton, index: number): string {
  const segment = segments.at(index);
  return segment?.kind === 'text' ? segment.text : '';
}

function reversedEnd(text: string): string {
  let reversed = '';
  for (let index = text.length - 1; index >= Math.max(0, text.length - tailLengthMax); index -= 1)
    reversed += text[index];
  return reversed;
}
