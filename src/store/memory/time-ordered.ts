/** What a list is ordered by. */
export interface TimeOrder<Item> {
  readonly atMs: (item: Item) => number;
  /** Orders items of one moment. */
  readonly id: (item: Item) => string;
}

/** A list in order of time, fast where items come almost in that order and leave from the old end. */
export interface TimeOrdered<Item> {
  readonly insert: (item: Item) => void;
  /** Removes and returns up to `limit` of the oldest items from before a moment. */
  readonly takeBefore: (atMs: number, limit: number) => readonly Item[];
  /** Items after the one moment (exclusive) up to the other (inclusive). */
  readonly oldestFirst: (afterMs: number, untilMs: number) => IterableIterator<Item>;
  readonly newestFirst: (afterMs: number, untilMs: number) => IterableIterator<Item>;
}

/** Removed items at the front of the array before it is cut off, so that removal costs constant time on average. */
const removedMax = 1024;

/** A sorted array: insertion near the new end, removal at the old end, lookup by halving. */
export function createTimeOrdered<Item>({ atMs, id }: TimeOrder<Item>): TimeOrdered<Item> {
  let items: Item[] = [];
  let start = 0;

  const firstWhere = (isReached: (item: Item) => boolean): number => {
    let low = start;
    let high = items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const item = items[middle];
      if (item !== undefined && isReached(item)) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  const firstAfter = (moment: number): number => firstWhere((item) => atMs(item) > moment);
  const isBehind = (item: Item, other: Item): boolean =>
    atMs(item) === atMs(other) ? id(item) > id(other) : atMs(item) > atMs(other);

  return {
    insert: (item) => {
      const last = items.at(-1);
      if (last === undefined || !isBehind(last, item)) items.push(item);
      else
        items.splice(
          firstWhere((other) => isBehind(other, item)),
          0,
          item,
        );
    },
    takeBefore: (moment, limit) => {
      const end = Math.min(
        firstWhere((item) => atMs(item) >= moment),
        start + limit,
      );
      const taken = items.slice(start, end);
      start = end;
      if (start > removedMax && start * 2 > items.length) {
        items = items.slice(start);
        start = 0;
      }
      return taken;
    },
    *oldestFirst(afterMs, untilMs) {
      for (let index = firstAfter(afterMs); index < items.length; index++) {
        const item = items[index];
        if (item === undefined || atMs(item) > untilMs) return;
        yield item;
      }
    },
    *newestFirst(afterMs, untilMs) {
      const from = Math.max(start, firstAfter(afterMs));
      for (let index = firstAfter(untilMs) - 1; index >= from; index--) {
        const item = items[index];
        if (item !== undefined) yield item;
      }
    },
  };
}
