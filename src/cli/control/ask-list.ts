import type { Page } from '../../console/api/page.ts';
import type { Operation } from '../../console/api/operation.schema.ts';
import type { Ask, Given } from './control.ts';

/** Items of a part at most, which the API sets. */
const partMax = 200;

/** A list as one part, from as many as it takes; `next` is not null where there is more than was asked for. */
export async function askList<Item, Part extends Page<Item>>(
  ask: Ask,
  operation: Operation<Part & Page<Item>>,
  { params = {}, query = {} }: Given = {},
  itemsMax: number = Infinity,
): Promise<Part & Page<Item>> {
  const items: Item[] = [];
  let cursor: Readonly<Record<string, string>> = {};
  for (;;) {
    const limit = String(Math.min(partMax, itemsMax - items.length));
    const part = await ask(operation, { params, query: { ...query, ...cursor, limit } });
    items.push(...part.items);
    if (part.next === null || items.length >= itemsMax) return { ...part, items };
    cursor = { cursor: part.next };
  }
}
