import type { Skeleton } from '../domain/skeleton.ts';
import { wordsOf } from '../domain/tokenize.ts';

/** Words that an item is found by, at most, and items that a word may lead to: more, and it tells nothing. */
const wordsPerItemMax = 64;
const itemsPerWordMax = 96;

/** Words that two texts must share for it to mean something. */
const sharedWordsMin = 3;

/** Characters at either end of a text whose words are looked at. */
const endLengthMax = 16_384;

/** Finds what shares words with a prompt. */
export interface WordIndex<Item> {
  readonly set: (item: Item, skeleton: Skeleton) => void;
  readonly delete: (item: Item) => void;
  /** Items that share most words with the prompt, three at least, most first. */
  readonly nearest: (prompt: string, count: number) => readonly Item[];
}

/**
 * Empty. Of the words of an item those with the smallest hashes are filed (a bottom sketch, E. Cohen), the same ones for
 * each text that has them, so that two texts with much in common share many.
 */
export function createWordIndex<Item extends object>(): WordIndex<Item> {
  // Most words lead to one item, which then needs no list of its own: there are dozens of words for each task.
  const itemsOf = new Map<number, Item | Item[]>();
  const wordsOfItem = new Map<Item, Int32Array>();
  const remove = (item: Item): void => {
    for (const word of wordsOfItem.get(item) ?? []) {
      const items = itemsOf.get(word);
      if (items === item) itemsOf.delete(word);
      else if (Array.isArray(items)) items.splice(items.indexOf(item), 1);
    }
    wordsOfItem.delete(item);
  };
  return {
    set: (item, { segments }) => {
      remove(item);
      const text = segments.map((segment) => (segment.kind === 'text' ? segment.text : ' ')).join('');
      const words = Int32Array.from(hashesOf(text)).toSorted().slice(0, wordsPerItemMax);
      wordsOfItem.set(item, words);
      for (const word of words) {
        const items = itemsOf.get(word);
        if (items === undefined) itemsOf.set(word, item);
        else if (Array.isArray(items)) items.push(item);
        else itemsOf.set(word, [items, item]);
      }
    },
    delete: remove,
    nearest: (prompt, count) => {
      const shared = new Map<Item, number>();
      if (itemsOf.size === 0) return [];
      for (const word of hashesOf(prompt)) {
        const items = itemsOf.get(word) ?? [];
        if (!Array.isArray(items)) shared.set(items, (shared.get(items) ?? 0) + 1);
        else if (items.length <= itemsPerWordMax)
          for (const item of items) shared.set(item, (shared.get(item) ?? 0) + 1);
      }
      return [...shared]
        .filter(([, words]) => words >= sharedWordsMin)
        .toSorted(([, one], [, other]) => other - one)
        .slice(0, count)
        .map(([item]) => item);
    },
  };
}

function hashesOf(text: string): ReadonlySet<number> {
  const ends =
    text.length <= 2 * endLengthMax ? text : `${text.slice(0, endLengthMax)} ${text.slice(-endLengthMax)}`;
  return new Set(wordsOf(ends).map(hashOf));
}

/** FNV-1a with a final mix, so that alike words are scattered. */
function hashOf(word: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < word.length; index += 1)
    hash = Math.imul(hash ^ word.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}
