/** Items by the text that something must begin with. */
export interface PrefixList<Item> {
  readonly add: (prefix: string, item: Item) => void;
  readonly remove: (prefix: string, item: Item) => void;
  /** Items whose prefix the text begins with, longest prefix first. */
  readonly of: (text: string) => Iterable<Item>;
  /** Items whose prefixes share the longest beginnings with the text, of some length at least; up to so many. */
  readonly nearest: (text: string, count: number) => readonly Item[];
}

/** Characters that two texts must share for it to mean something. */
const sharedLengthMin = 16;

/**
 * A sorted list: to look a text up costs as many comparisons as the list's length has binary digits, for each of the
 * prefixes that it begins with, so that it makes no difference how many others there are.
 */
export function createPrefixList<Item>(): PrefixList<Item> {
  const entries: { readonly prefix: string; readonly items: Set<Item> }[] = [];

  /** Index of the last entry that is not greater than the text; -1 where all are. */
  const floor = (text: string): number => {
    let [low, high] = [0, entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((entries[middle]?.prefix ?? '') <= text) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  };

  return {
    add: (prefix, item) => {
      const index = floor(prefix);
      const known = entries[index];
      if (known?.prefix === prefix) known.items.add(item);
      else entries.splice(index + 1, 0, { prefix, items: new Set([item]) });
    },
    remove: (prefix, item) => {
      const index = floor(prefix);
      const known = entries[index];
      if (known?.prefix !== prefix) return;
      known.items.delete(item);
      if (known.items.size === 0) entries.splice(index, 1);
    },
    of: function* (text) {
      // Every prefix of a text sorts before it, and between a prefix and the text there are only texts that share more
      // with it than the prefix does; so each step looks for the greatest entry among the shorter beginnings.
      let beginning = text;
      for (;;) {
        const entry = entries[floor(beginning)];
        if (entry === undefined) return;
        const { prefix } = entry;
        const isPrefix = beginning.startsWith(prefix);
        if (isPrefix) yield* entry.items;
        if (prefix === '') return;
        beginning = text.slice(0, isPrefix ? prefix.length - 1 : sharedLength(prefix, beginning));
      }
    },
    nearest: (text, count) => {
      // In a sorted list those that share most stand next to where the text would.
      const at = floor(text);
      const around = entries.slice(Math.max(0, at - count + 1), at + count + 1);
      return around
        .map(({ prefix, items }) => ({ items, shared: sharedLength(prefix, text) }))
        .filter(({ shared }) => shared >= sharedLengthMin)
        .toSorted((one, other) => other.shared - one.shared)
        .flatMap(({ items }) => [...items])
        .slice(0, count);
    },
  };
}

function sharedLength(one: string, other: string): number {
  let length = 0;
  const shorter = Math.min(one.length, other.length);
  while (length < shorter && one.charCodeAt(length) === other.charCodeAt(length)) length += 1;
  return length;
}
