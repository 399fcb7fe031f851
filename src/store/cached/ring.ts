/** A queue of fixed size that forgets its oldest entry rather than refuse a new one. */
export interface Ring<Item> {
  /** Adds an item; `true` if the oldest one had to go for it. */
  readonly push: (item: Item) => boolean;
  /** Takes up to `limit` of the oldest items. */
  readonly take: (limit: number) => readonly Item[];
  readonly size: () => number;
}

/** Makes a ring with all of its places. Throws a RangeError unless `capacity` is a positive whole number. */
export function createRing<Item>(capacity: number): Ring<Item> {
  if (!(Number.isInteger(capacity) && capacity > 0))
    throw new RangeError(`a ring of capacity ${capacity} holds nothing`);
  const places: (Item | undefined)[] = Array.from({ length: capacity });
  let first = 0;
  let size = 0;
  const takeOne = (): Item | undefined => {
    const item = places[first];
    places[first] = undefined;
    first = (first + 1) % capacity;
    size -= 1;
    return item;
  };
  return {
    push: (item) => {
      const isFull = size === capacity;
      if (isFull) takeOne();
      places[(first + size) % capacity] = item;
      size += 1;
      return isFull;
    },
    take: (limit) => {
      const taken: Item[] = [];
      for (let left = Math.min(limit, size); left > 0; left--) {
        const item = takeOne();
        if (item !== undefined) taken.push(item);
      }
      return taken;
    },
    size: () => size,
  };
}
