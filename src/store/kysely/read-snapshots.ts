import { baselineVariantId, type Variant } from '../../domain/variant.ts';
import { armVariants } from '../ledger/gate-change.ts';
import type { Snapshot, TaskSnapshot } from '../plan-store.ts';
import { findAll, type KyselyContext, type Read } from './context.ts';
import { isDamage, readRow, readSoundRows } from './damage.ts';
import { loadTasksSince, type StoredTask } from './load-tasks.ts';
import { isCorrupt } from './sqlite-failure.ts';

/** The tasks that changed after a revision. Those that are damaged stop no others. */
export async function readSnapshots(
  { db, onDamage }: KyselyContext,
  revision: number,
): Promise<Pick<Snapshot, 'tasks' | 'unreadable'>> {
  const { tasks: found, unreadable } = await loadTasksSince(db, revision);
  const tasks: TaskSnapshot[] = [];
  const lost = [...unreadable];
  for (const stored of found) {
    try {
      tasks.push(await snapshotOf(db, stored));
    } catch (error) {
      if (!isDamage(error) && !isCorrupt(error)) throw error;
      lost.push({ taskId: stored.task.id, table: 'variants' });
    }
  }
  for (const { taskId, table } of lost) onDamage({ table, key: taskId });
  return lost.length === 0 ? { tasks } : { tasks, unreadable: lost.map(({ taskId }) => taskId) };
}

/** A task with the variants of its arms. Throws `store_damaged` where one of them cannot be read. */
export async function snapshotOf(db: Read, { task, plan, bandit }: StoredTask): Promise<TaskSnapshot> {
  const ids = plan.arms.map(({ variantId }) => variantId).filter((id) => id !== baselineVariantId);
  const variants = await readVariants(db, task.id, ids);
  return {
    task,
    plan,
    variants: readRow({ table: 'variants', key: task.id }, () =>
      armVariants(plan, (variantId) => variants.get(variantId)),
    ),
    routing: bandit.routing,
    bandit,
  };
}

/** Variants of a task by id; unknown ones are left out, and damaged ones. */
export async function readVariants(
  db: Read,
  taskId: string,
  variantIds: readonly string[],
): Promise<ReadonlyMap<string, Variant>> {
  const rows = await findAll(variantIds, (chunk) =>
    db
      .selectFrom('variants')
      .select(['id', 'variant'])
      .where('task_id', '=', taskId)
      .where('id', 'in', chunk)
      .execute(),
  );
  const read = ({ id, variant }: (typeof rows)[number]): [string, Variant] => [id, variantOf(id, variant)];
  return new Map(readSoundRows(rows, read, () => {}));
}

/** A variant as stored. Throws `store_damaged`. */
export function variantOf(id: string, text: string): Variant {
  return readRow({ table: 'variants', key: id }, () => {
    const variant: Variant = JSON.parse(text);
    if (!Array.isArray(variant.edits)) throw new RangeError(`variant ${variant.id} has no edits`);
    return variant;
  });
}
