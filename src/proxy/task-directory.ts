import { LRUCache } from 'lru-cache';
import { hash } from 'node:crypto';
import { contentHash } from '../domain/content-hash.ts';
import { matchSkeleton } from '../domain/match-skeleton.ts';
import { literalSkeleton, slotsOf, type SlotValues } from '../domain/skeleton.ts';
import type { Baseline } from '../domain/task.ts';
import { createAligner } from './aligner.ts';
import type { AutomaticMatch } from './automatic-task.ts';
import { automaticPrefix, createScopes } from './scope-tasks.ts';
import { automaticTaskName } from './task-name.ts';
import type { TrackedTask, TrackingDeps } from './tracked-task.ts';
import { createTrackedTasks } from './tracked-tasks.ts';

/** Automatic tasks per scope; beyond it, unknown prompts pass through. */
export const automaticTasksMax = 1_000;

/** Tasks per scope that callers may name; beyond it, new names pass through. */
const namedTasksMax = 10_000;

/** Prompts whose task is remembered, so that a known prompt costs one look however many tasks there are. */
const knownPromptsMax = 20_000;

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
  /**
   * The task whose baseline the prompt is an instance of, made if need be; `undefined` when its scope is full, or there is
   * no time to look at yet another new prompt. `isFirstTurn`: whether the prompt begins a conversation.
   */
  readonly automatic: (scope: string, prompt: string, isFirstTurn?: boolean) => TaskMatch | undefined;
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
  const { clock, snapshots } = deps;
  const aligner = createAligner(clock);
  const tasks = createTrackedTasks(deps, aligner, ({ id, scope }) =>
    scopes.peek(scope)?.automatic.remove(id),
  );
  const scopes = createScopes({ snapshots, clock, aligner, track: tasks.track });
  const knownPrompts = new LRUCache<string, string>({ max: knownPromptsMax });

  const meet = (scope: string, prompt: string): AutomaticMatch | undefined => {
    const { automatic, adopt } = scopes.of(scope);
    const known = automatic.find(prompt) ?? (adopt() ? automatic.find(prompt) : undefined);
    if (known !== undefined) return known;
    const seen = automatic.look(prompt);
    if (seen.kind === 'known') return seen.match;
    if (seen.kind === 'unclear' || automatic.size() >= automaticTasksMax) return undefined;
    const id = `${automaticPrefix}${contentHash(prompt, scope)}`;
    const name = automaticTaskName(prompt, id);
    const task = tasks.track({ id, name, scope, baseline: firstBaseline(prompt) });
    return automatic.found(task, prompt, seen.kin);
  };
  const isNewName = (id: string): boolean => !tasks.has(id) && snapshots.get(id) === undefined;

  return {
    named: (name, scope, prompt) => {
      const owner = deps.isLoopback ? localScope : scope;
      const id = namedTaskId(name, owner);
      if (isNewName(id)) {
        const named = scopes.of(owner);
        if (named.named >= namedTasksMax) return undefined;
        named.named += 1;
      }
      const task = tasks.track({ id, name, scope: owner, baseline: firstBaseline(prompt) });
      task.snapshot();
      const { prompts } = task;
      const known = prompts.match(prompt);
      const slots = known ?? prompts.learn(prompt) ?? prompts.meetStranger(prompt);
      tasks.used(task, known === undefined);
      return { task, slots: slots === undefined ? null : readingOf(task, prompt, slots) };
    },
    automatic: (scope, prompt, isFirstTurn = true) => {
      const { automatic } = scopes.of(scope);
      const key = hash('sha256', `${scope}\n${prompt}`, 'base64url');
      const knownId = knownPrompts.get(key);
      const known = knownId === undefined ? undefined : automatic.matchOf(knownId, prompt);
      const met = known ?? meet(scope, prompt);
      if (met === undefined) return undefined;
      const { of, slots } = automatic.sight(met, prompt, isFirstTurn);
      const { task } = of;
      if (task.id !== knownId) knownPrompts.set(key, task.id);
      tasks.used(task, task.id !== knownId);
      return { task, slots: slots && readingOf(task, prompt, slots) };
    },
    known: tasks.known,
    keep: (taskId) => tasks.known(taskId)?.keep(),
  };
}

/**
 * What the agent filled in; `null` where a value repeats the fixed text behind it, so that the prompt can be read in
 * several ways, and some variant would come out differently.
 */
function readingOf({ prompts, arms }: TrackedTask, prompt: string, slots: SlotValues): SlotValues | null {
  const baseline = prompts.baseline();
  if (slotsOf(baseline.skeleton).length < 2) return slots;
  const other = matchSkeleton(baseline.skeleton, prompt, 'last') ?? slots;
  const isOneReading = Object.entries(slots).every(([name, value]) => other[name] === value);
  return isOneReading || arms.isIndifferent(baseline, slots, other) ? slots : null;
}

function firstBaseline(prompt: string): Baseline {
  return { version: 1, skeleton: literalSkeleton(prompt), stableFor: 0 };
}
