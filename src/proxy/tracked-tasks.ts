import { LRUCache } from 'lru-cache';
import type { Aligner } from './aligner.ts';
import { trackTask, type TaskStart, type TrackedTask, type TrackingDeps } from './tracked-task.ts';

/**
 * Tasks kept in memory, and characters of their prompts, about as many bytes; what is left out is read from the snapshot
 * when it comes again.
 */
const tasksMax = 20_000;
const lengthMax: number = 64 * 1024 * 1024;

/** What a task takes up beside its prompts, in characters. */
const taskLength = 2_048;

/** The tasks of late, of all scopes. */
export interface TrackedTasks {
  /** The task, tracked from its start where it was not tracked yet. */
  readonly track: (start: TaskStart) => TrackedTask;
  /** A task by its id; `undefined` where neither this process nor the snapshot knows it. */
  readonly known: (taskId: string) => TrackedTask | undefined;
  readonly has: (taskId: string) => boolean;
  /** A task that has been used, and that may remember more of prompts than before, or less. */
  readonly used: (task: TrackedTask, hasChanged: boolean) => void;
}

/** Empty. `onForgotten` is told of tasks that had to go. */
export function createTrackedTasks(
  deps: TrackingDeps,
  aligner: Aligner,
  onForgotten: (task: TrackedTask) => void,
): TrackedTasks {
  const { snapshots } = deps;
  const tasks = new LRUCache<string, TrackedTask>({
    max: tasksMax,
    maxSize: lengthMax,
    sizeCalculation: ({ prompts }) => taskLength + prompts.size(),
    dispose: (task, _, reason) => {
      if (reason === 'evict') onForgotten(task);
    },
  });
  const track = (start: TaskStart): TrackedTask => {
    const known = tasks.get(start.id);
    if (known !== undefined) return known;
    const task = trackTask(snapshots.get(start.id)?.task ?? start, aligner, deps);
    tasks.set(task.id, task);
    return task;
  };
  return {
    track,
    known: (taskId) => {
      const stored = tasks.has(taskId) ? undefined : snapshots.get(taskId)?.task;
      return stored === undefined ? tasks.get(taskId) : track(stored);
    },
    has: (taskId) => tasks.has(taskId),
    used: (task, hasChanged) => {
      if (hasChanged) tasks.set(task.id, task);
      else tasks.get(task.id);
    },
  };
}
