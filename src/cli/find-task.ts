import { RatchetError } from '../domain/ratchet-error.ts';
import type { TaskSnapshot } from '../store/plan-store.ts';
import type { Store } from '../store/store.ts';

/** A task by its id or its name. Rejects with `not_found` where there is none, or several have the name. */
export async function findTask(store: Pick<Store, 'readSnapshot'>, name: string): Promise<TaskSnapshot> {
  const { tasks } = await store.readSnapshot(0);
  const byId = tasks.find(({ task }) => task.id === name);
  if (byId !== undefined) return byId;
  const named = tasks.filter(({ task }) => task.name === name);
  const [found] = named;
  if (found !== undefined && named.length === 1) return found;
  throw new RatchetError(
    'not_found',
    named.length === 0
      ? `there is no task "${name}"`
      : `several tasks are called "${name}": ${named.map(({ task }) => task.id).join(', ')}`,
  );
}
