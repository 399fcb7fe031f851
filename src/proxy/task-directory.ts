import { LRUCache } from 'lru-cache';
import { hash } from 'node:crypto';
import { contentHash } from '../domain/content-hash.ts';
import { fixedShareMin } from '../domain/generalise-skeleton.ts';
import { literalSkeleton, type SlotValues } from '../domain/skeleton.ts';
import type { Baseline } from '../domain/task.ts';
import { createAligner, type Aligner } from './aligner.ts';
import { automaticPrefix, createScopes, moveToFront, type ScopeTasks } from './scope-tasks.ts';
import { automaticTaskName } from './task-name.ts';
import { trackTask, type TaskStart, type TrackedTask, type TrackingDeps } from './tracked-task.ts';

/** Automatic tasks per scope; beyond it, unknown prompts pass through. */
export const automaticTasksMax = 1_000;

/** Tasks per scope that callers may name; beyond it, new names pass through. */
const namedTasksMax = 10_000;

/** Tasks kept in memory; one left out is read from the snapshot when it comes again. */
const trackedMax = 20_000;

/** Prompts whose task is remembered, so that a known prompt costs one look however many tasks there are. */
const knownPromptsMax = 20_000;

/** Automatic tasks, used last first, that a new prompt is compared with. */
const comparedMax = 64;

/** A request's task, and the agent's values in its prompt. */
export interface TaskMatch {
  readonly task: TrackedTask;
  /** `null`: the prompt is no instance of the task's baseline. */
  readonly slots: SlotValues | null;
}

/** Which task a prompt belongs to. */
export interface TaskDirectory {
  /** The task of that name; `undefined` when its scope is full. */
  readonly named: (name: string, scope: string, prompt: string) => TaskMatch | undefined;
  /** The task whose baseline the prompt is an instance of, made if need be; `undefined` when its scope is full. */
  readonly automatic: (scope: string, prompt: string) => TaskMatch | undefined;
  /** A task by its id; `undefined` where neither this process nor the snapshot knows it. */
  readonly known: (taskId: string) => TrackedTask | undefined;
  /** Has the task stored, or what has been learned of its prompt; nobody waits for it. */
  readonly keep: (taskId: string) => void;
}

/** What finding tasks needs. */
export interface DirectoryDeps extends TrackingDeps {
  /** On loopback a name means one task, whoever asks. */
  readonly isLoopback: boolean;
}

/** The scope of requests without a credential on loopback, and of the tasks that are named there. */
export const localScope = 'local';

/** The id of the task that a caller names; `owner` is its scope, on loopback `local`. */
export function namedTaskId(name: string, owner: string): string {
  return `task-${contentHash(name, owner)}`;
}

/** Finds tasks, and makes those that are new. */
export function createTaskDirectory(deps: DirectoryDeps): TaskDirectory {
  const aligner = createAligner(deps.clock);
  const tracked = new LRUCache<string, TrackedTask>({ max: trackedMax });
  const knownPrompts = new LRUCache<string, TrackedTask>({ max: knownPromptsMax });
  const track = (start: TaskStart): TrackedTask => {
    const known = tracked.get(start.id);
    if (known !== undefined) return known;
    const task = trackTask(deps.snapshots.get(start.id)?.task ?? start, aligner, deps);
    tracked.set(task.id, task);
    return task;
  };
  const scopeOf = createScopes(deps.snapshots, track);

  const start = (tasks: ScopeTasks, scope: string, prompt: string): TaskMatch => {
    const id = `${automaticPrefix}${contentHash(prompt, scope)}`;
    const task = track({ id, name: automaticTaskName(prompt, id), scope, baseline: firstBaseline(prompt) });
    if (!tasks.automatic.includes(task)) tasks.automatic.unshift(task);
    return { task, slots: matched(task, prompt) ?? null };
  };

  return {
    named: (name, scope, prompt) => {
      const owner = deps.isLoopback ? localScope : scope;
      const id = namedTaskId(name, owner);
      if (!tracked.has(id) && deps.snapshots.get(id) === undefined) {
        const tasks = scopeOf(owner);
        if (tasks.named >= namedTasksMax) return undefined;
        tasks.named += 1;
      }
      const task = track({ id, name, scope: owner, baseline: firstBaseline(prompt) });
      const { prompts } = task;
      const slots = matched(task, prompt) ?? prompts.learn(prompt) ?? prompts.meetStranger(prompt);
      return { task, slots: slots ?? null };
    },
    automatic: (scope, prompt) => {
      const key = hash('sha256', `${scope}\n${prompt}`, 'base64url');
      const known = knownPrompts.get(key);
      const slots = known && matched(known, prompt);
      if (known !== undefined && slots !== undefined) return { task: known, slots };
      const tasks = scopeOf(scope);
      const isFull = tasks.automatic.length >= automaticTasksMax;
      let found = findAmong(tasks, prompt, aligner);
      if (found === undefined && isFull) return undefined;
      if (found === undefined && tasks.adopt()) found = findAmong(tasks, prompt, aligner);
      found ??= start(tasks, scope, prompt);
      moveToFront(tasks.automatic, found.task);
      knownPrompts.set(key, found.task);
      return found;
    },
    known: (taskId) => {
      const stored = tracked.has(taskId) ? undefined : deps.snapshots.get(taskId)?.task;
      return stored === undefined ? tracked.get(taskId) : track(stored);
    },
    keep: (taskId) => tracked.get(taskId)?.keep(),
  };
}

function findAmong(
  { automatic }: Pick<ScopeTasks, 'automatic'>,
  prompt: string,
  aligner: Aligner,
): TaskMatch | undefined {
  for (const task of automatic) {
    const slots = matched(task, prompt);
    if (slots !== undefined) return { task, slots };
  }
  // Only the most similar task is aligned, since each alignment may take milliseconds.
  const [best] = automatic
    .slice(0, comparedMax)
    .map((task) => ({ task, likeness: aligner.likeness(task.prompts.baseline().skeleton, prompt) }))
    .filter(({ likeness }) => likeness >= fixedShareMin)
    .toSorted((one, other) => other.likeness - one.likeness);
  const slots = best?.task.prompts.learn(prompt);
  return best === undefined || slots === undefined ? undefined : { task: best.task, slots };
}

function matched(task: TrackedTask, prompt: string): SlotValues | undefined {
  task.snapshot();
  return task.prompts.match(prompt);
}

function firstBaseline(prompt: string): Baseline {
  return { version: 1, skeleton: literalSkeleton(prompt), stableFor: 0 };
}
