import { LRUCache } from 'lru-cache';
import type { Clock } from '../domain/clock.ts';
import type { Aligner } from './aligner.ts';
import { createAutomaticTasks, type AutomaticTasks } from './automatic-tasks.ts';
import type { SnapshotSource, TaskStart, TrackedTask } from './tracked-task.ts';

/** Scopes kept in memory; one left out is read from the snapshot when it comes again. */
const scopesMax = 10_000;

/** How often at most all tasks are gone through for those that a replica has stored, milliseconds. */
const adoptionMs = 1_000;

/** Prefix of the ids of automatic tasks. */
export const automaticPrefix = 'auto-';

/** The tasks of one scope. */
export interface ScopeTasks {
  readonly automatic: AutomaticTasks;
  /** How many tasks callers have named. */
  named: number;
  /** Takes over automatic tasks that a replica has stored since; whether there were any. */
  readonly adopt: () => boolean;
}

/** The scopes of late, each with what the store has of it. */
export interface Scopes {
  readonly of: (scope: string) => ScopeTasks;
  /** The tasks of a scope that is in memory. */
  readonly peek: (scope: string) => ScopeTasks | undefined;
}

/** What scopes are filled from. */
export interface ScopesDeps {
  readonly snapshots: SnapshotSource;
  readonly clock: Clock;
  readonly aligner: Aligner;
  readonly track: (start: TaskStart) => TrackedTask;
}

/** Starts with none. */
export function createScopes({ snapshots, clock, aligner, track }: ScopesDeps): Scopes {
  const scopes = new LRUCache<string, ScopeTasks>({ max: scopesMax });
  const open = (scope: string): ScopeTasks => {
    const automatic = createAutomaticTasks(aligner, clock);
    let notBeforeMs = 0;
    const tasks: ScopeTasks = {
      automatic,
      named: 0,
      adopt: () => {
        if (clock.now() < notBeforeMs) return false;
        notBeforeMs = clock.now() + adoptionMs;
        let named = 0;
        let isAny = false;
        for (const { task } of snapshots.all()) {
          if (task.scope !== scope) continue;
          if (!task.id.startsWith(automaticPrefix)) named += 1;
          else if (!automatic.has(task.id)) {
            automatic.adopt(track(task));
            isAny = true;
          }
        }
        tasks.named = Math.max(tasks.named, named);
        return isAny;
      },
    };
    tasks.adopt();
    scopes.set(scope, tasks);
    return tasks;
  };
  return { of: (scope) => scopes.get(scope) ?? open(scope), peek: (scope) => scopes.peek(scope) };
}
