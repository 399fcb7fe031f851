import { listVariants } from '../api/variants.ts';
import type { Ask } from './console-page.ts';
import { orNull } from './or-null.ts';
import { variantName } from './variant-name.ts';

/** Tasks of which variants are named; the others have their ids. */
const tasksMax = 10;

/** What the variants of some tasks are called, by task and id. */
export async function readVariantNames(
  ask: Ask,
  taskIds: readonly string[],
): Promise<(taskId: string, variantId: string) => string> {
  const named = [...new Set(taskIds)].slice(0, tasksMax);
  const lists = await Promise.all(
    named.map(async (task) => orNull(ask(listVariants, { params: { task }, query: { limit: '200' } }))),
  );
  const names = new Map(
    named.map((taskId, index) => [
      taskId,
      new Map(lists[index]?.items.map(({ id, edits }) => [id, variantName(id, edits)])),
    ]),
  );
  return (taskId, variantId) => names.get(taskId)?.get(variantId) ?? variantName(variantId);
}
