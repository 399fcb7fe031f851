import { LRUCache } from 'lru-cache';
import type { SnapshotSource, TaskStart, TrackedTask } from './tracked-task.ts';

/** Scopes kept in memory; one left out is read from the snapshot when it comes again. */
const scopesMax = 10_000;

/** Prefix of the ids of automatic tasks. */
export const automaticPrefix = 'auto-';

/** The tasks of one scope. */
export interface ScopeTasks {
  /** Automatic ones, used last first. */
  readonly automatic: TrackedTask[];
  /** How many tasks callers have named. */
  named: number;
  /** Takes over automatic tasks that a replica has stored since; whether there were any. */
  readonly adopt: () => boolean;
}

/** The scopes of late, each with what the store has of it. */
export function createScopes(
  snapshots: SnapshotSource,
  track: (start: TaskStart) => TrackedTask,
): (scope: string) => ScopeTasks {
  const scopes = new LRUCache<string, ScopeTasks>({ max: scopesMax });
  return (scope) => {
    const known = scopes.get(scope);
    if (known !== undefined) return known;
    const automatic: TrackedTask[] = [];
    const tasks: ScopeTasks = {
      automatic,
      named: 0,
      adopt: () => {
        const ids = new Set(automatic.map(({ id }) => id));
        let named = 0;
        for (const { task } of snapshots.all()) {
          if (task.scope !== scope) continue;
          if (!task.id.startsWith(automaticPrefix)) named += 1;
          else if (!ids.has(task.id)) automatic.push(track(task));
        }
        tasks.named = Math.max(tasks.named, named);
        return automatic.length > ids.size;
      },
    };
    tasks.adopt();
    scopes.set(scope, tasks);
    return tasks;
  };
}

/** Moves a task to the front, where the next prompt is compared first. */
export function moveToFront(tasks: TrackedTask[], task: TrackedTask): void {
  const index = tasks.indexOf(task);
  if (index <= 0) return;
  tasks.splice(index, 1);
  tasks.unshift(task);
}
