import type { TaskSnapshot } from '../store/plan-store.ts';
import type { Store } from '../store/store.ts';
import { byBeginning, theOne } from './by-beginning.ts';

/** A task by its id, its name, or the beginning of its id. Rejects with `not_found` where there is no one such task. */
export async function findTask(store: Pick<Store, 'readSnapshot'>, name: string): Promise<TaskSnapshot> {
  const tasks = (await store.readSnapshot(0)).tasks.map((snapshot) => ({ id: snapshot.task.id, snapshot }));
  const exact = tasks.filter(({ id }) => id === name);
  const named = exact.length > 0 ? exact : tasks.filter(({ snapshot }) => snapshot.task.name === name);
  const found = named.length > 0 ? named : await byBeginning(name, async () => tasks);
  return theOne(found, { kind: 'task', name, list: 'ratchet tasks' }).snapshot;
}
