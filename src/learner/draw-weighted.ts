import type { Random } from '../domain/random.ts';

/**
 * One of the items at random, in proportion to its weight, ≥ 0; all alike where no weight is above 0. `undefined` for
 * no items.
 */
export function drawWeighted<Item>(
  items: readonly Item[],
  weightOf: (item: Item) => number,
  random: Random,
): Item | undefined {
  const total = items.reduce((sum, item) => sum + weightOf(item), 0);
  if (!(total > 0)) return items[Math.floor(random.next() * items.length)];
  let left = random.next() * total;
  for (const item of items) {
    left -= weightOf(item);
    if (left < 0) return item;
  }
  // Rounding may leave a crumb after the last one.
  return items.findLast((item) => weightOf(item) > 0);
}
