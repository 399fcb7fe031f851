import { listTasks } from '../api/tasks.ts';
import type { Ask } from './console-page.ts';

/** Reads of 200 tasks, at most; whoever has more sees ids for the rest. */
const partsMax = 10;

/** Names of tasks by their ids, in order of names. */
export async function readTaskNames(ask: Ask): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  let cursor: string | null = '';
  for (let part = 0; part < partsMax && cursor !== null; part += 1) {
    const query: Record<string, string> = { limit: '200', order: 'name' };
    const {
      items,
      next,
    }: {
      readonly items: readonly { readonly id: string; readonly name: string }[];
      readonly next: string | null;
    } = await ask(listTasks, { query: cursor === '' ? query : { ...query, cursor } });
    for (const { id, name } of items) names.set(id, name);
    cursor = next;
  }
  return names;
}
