/** A queue of bounded length and weight that forgets its oldest entries rather than refuse a new one. */
export interface Ring<Item> {
  /** Adds an item of this weight; returns how many of the oldest had to go for it. */
  readonly push: (item: Item, weight: number) => number;
  /** Takes the oldest items, as many as the limits allow; at least one where there is one and `count` is positive. */
  readonly take: (limit: RingLimit) => readonly Item[];
  readonly size: () => number;
}

/** A number of items, and what they may weigh together. */
export interface RingLimit {
  readonly count: number;
  readonly weight: number;
}

/**
 * Makes a ring with all of its places. An item that is heavier than the ring may be is kept alone. Throws a RangeError
 * unless `capacity.count` is a positive whole number.
 */
export function createRing<Item>(capacity: RingLimit): Ring<Item> {
  const { count } = capacity;
  if (!(Number.isInteger(count) && count > 0))
    throw new RangeError(`a ring of capacity ${count} holds nothing`);
  const places: (Item | undefined)[] = Array.from({ length: count });
  const weights = new Float64Array(count);
  let first = 0;
  let size = 0;
  let weight = 0;
  const takeOne = (): Item | undefined => {
    const item = places[first];
    places[first] = undefined;
    size -= 1;
    // Not by subtraction alone, so that an empty ring weighs nothing whatever rounding did.
    weight = size === 0 ? 0 : weight - (weights[first] ?? 0);
    first = (first + 1) % count;
    return item;
  };
  const hasRoomFor = (added: number): boolean =>
    size === 0 || (size < count && weight + added <= capacity.weight);
  const isEmpty = (): boolean => size === 0;
  return {
    push: (item, added) => {
      let gone = 0;
      while (!hasRoomFor(added)) {
        takeOne();
        gone += 1;
      }
      const place = (first + size) % count;
      places[place] = item;
      weights[place] = added;
      size += 1;
      weight += added;
      return gone;
    },
    take: (limit) => {
      const taken: Item[] = [];
      let left = limit.weight;
      while (!isEmpty() && taken.length < limit.count) {
        left -= weights[first] ?? 0;
        if (left < 0 && taken.length > 0) break;
        const item = takeOne();
        if (item !== undefined) taken.push(item);
      }
      return taken;
    },
    size: () => size,
  };
}
