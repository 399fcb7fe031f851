import { LRUCache } from 'lru-cache';
import type { Clock } from '../domain/clock.ts';
import type { Task } from '../domain/task.ts';
import type { Aligner } from './aligner.ts';
import { createAutomaticTasks, type AutomaticTasks } from './automatic-tasks.ts';
import type { SnapshotSource, TaskStart, TrackedTask } from './tracked-task.ts';

/** Scopes kept in memory; one left out is read from the snapshot when it comes again. */
const scopesMax = 5_000;

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
  const storedIn = storedByScope(snapshots, clock);
  const open = (scope: string): ScopeTasks => {
    const automatic = createAutomaticTasks(aligner, clock);
    const tasks: ScopeTasks = {
      automatic,
      named: 0,
      adopt: () => {
        const stored = storedIn(scope);
        const found = stored.filter(({ id }) => id.startsWith(automaticPrefix));
        tasks.named = Math.max(tasks.named, stored.length - found.length);
        const fresh = found.filter(({ id }) => !automatic.has(id));
        for (const task of fresh) automatic.adopt(track(task));
        return fresh.length > 0;
      },
    };
    tasks.adopt();
    scopes.set(scope, tasks);
    return tasks;
  };
  return { of: (scope) => scopes.get(scope) ?? open(scope), peek: (scope) => scopes.peek(scope) };
}

/** What the store has of each scope, gone through once a second at most, however many scopes ask. */
function storedByScope(snapshots: SnapshotSource, clock: Clock): (scope: string) => readonly Task[] {
  let stored = new Map<string, Task[]>();
  let readAtMs = Number.NEGATIVE_INFINITY;
  return (scope) => {
    const nowMs = clock.now();
    if (Math.abs(nowMs - readAtMs) >= adoptionMs) {
      readAtMs = nowMs;
      stored = new Map();
      for (const { task } of snapshots.all()) {
        const tasks = stored.get(task.scope) ?? [];
        tasks.push(task);
        stored.set(task.scope, tasks);
      }
    }
    return stored.get(scope) ?? [];
  };
}
