import type { Clock } from '../domain/clock.ts';
import { compareSkeletons, type Difference } from '../domain/compare-skeletons.ts';
import { matchSkeleton } from '../domain/match-skeleton.ts';
import { skeletonText, slotsOf, type Skeleton } from '../domain/skeleton.ts';
import { fixedLength, type Aligner } from './aligner.ts';
import type { AutomaticMatch, AutomaticTask, Kin } from './automatic-task.ts';
import { isSamePrompt } from './prompt-family.ts';
import { createPromptFiles, type PromptFiles } from './prompt-files.ts';
import {
  createStrayFamilies,
  isFrame,
  isLabelled,
  type FoundTemplate,
  type StrayFamilies,
} from './stray-families.ts';
import { hasSucceeded, predecessorAmong } from './succession.ts';
import type { TrackedTask } from './tracked-task.ts';

/** Tasks that a prompt which is no instance of any is compared with: by words, by beginning and by end. */
const comparedMax = 3;

/** What looking its words up costs, in units of the aligner's work for each character. */
const lookUpWork = 1 / 4;

/** Strays kept in a scope; the oldest are forgotten. */
const straysMax = 256;

/** What a prompt is that no task is known to have. */
export type FirstLook =
  | { readonly kind: 'known'; readonly match: AutomaticMatch }
  /** `kin`: tasks that it resembles. */
  | { readonly kind: 'new'; readonly kin: readonly Kin[] }
  /** There was no time to look. */
  | { readonly kind: 'unclear' };

/** The automatic tasks of one scope, and which of them a prompt belongs to. */
export interface AutomaticTasks {
  /** Tasks that are more than strays. */
  readonly size: () => number;
  /** Whether a task is one of these, or its prompt has turned out to be another one's. */
  readonly has: (taskId: string) => boolean;
  /** The task, where the prompt is an instance of what is known of its own. */
  readonly matchOf: (taskId: string, prompt: string) => AutomaticMatch | undefined;
  /** The task that a prompt is an instance of, or was. */
  readonly find: (prompt: string) => AutomaticMatch | undefined;
  /** Looks closer at a prompt that is no instance of any. */
  readonly look: (prompt: string) => FirstLook;
  /** Takes in a task that the store knows. */
  readonly adopt: (task: TrackedTask) => void;
  /** Takes in a task that a prompt has founded; the prompt's task, which may be one of its kin. */
  readonly found: (task: TrackedTask, prompt: string, kin: readonly Kin[]) => AutomaticMatch;
  /** Notes that a prompt has come, and begun a conversation or not; the task that it is served under. */
  readonly sight: (match: AutomaticMatch, prompt: string, isFirstTurn: boolean) => AutomaticMatch;
  readonly remove: (taskId: string) => void;
}

/** Empty. */
export function createAutomaticTasks(aligner: Aligner, clock: Clock): AutomaticTasks {
  const room: Room = {
    aligner,
    clock,
    tasks: new Map(),
    strays: new Set(),
    absorbedIds: new Set(),
    files: createPromptFiles(),
    families: createStrayFamilies(aligner),
  };
  return {
    size: () => room.tasks.size - room.strays.size,
    has: (taskId) => room.tasks.has(taskId) || room.absorbedIds.has(taskId),
    matchOf: (taskId, prompt) => {
      const of = room.tasks.get(taskId);
      return of && matchOf(room, of, prompt);
    },
    find: (prompt) => find(room, prompt),
    look: (prompt) => look(room, prompt),
    adopt: (task) => void enter(room, task, []),
    found: (task, prompt, kin) => {
      const of = enter(room, task, kin);
      const template = of.isStray ? room.families.join(of, kin) : undefined;
      const absorbing = template === undefined ? of : absorb(room, template);
      return matchOf(room, absorbing, prompt) ?? { of: absorbing, slots: null };
    },
    sight: (match, prompt, isFirstTurn) => sight(room, match, { prompt, isFirstTurn }),
    remove: (taskId) => {
      const of = room.tasks.get(taskId);
      if (of !== undefined) leave(room, of);
    },
  };
}

interface Room {
  readonly aligner: Aligner;
  readonly clock: Clock;
  readonly tasks: Map<string, AutomaticTask>;
  readonly strays: Set<AutomaticTask>;
  /** Tasks whose prompt is another one's; the store may still have them. */
  readonly absorbedIds: Set<string>;
  readonly files: PromptFiles;
  readonly families: StrayFamilies;
}

/** A task's skeleton, after taking over what the store has. */
function skeletonOf({ files }: Room, of: AutomaticTask): Skeleton {
  of.task.snapshot();
  files.file(of);
  return of.task.prompts.baseline().skeleton;
}

function matchOf(room: Room, of: AutomaticTask, prompt: string): AutomaticMatch | undefined {
  skeletonOf(room, of);
  const slots = of.task.prompts.match(prompt);
  return slots && { of, slots };
}

function find(room: Room, prompt: string): AutomaticMatch | undefined {
  const instances = room.files
    .candidates(prompt)
    .filter((of) => matchSkeleton(skeletonOf(room, of), prompt) !== undefined);
  const best = mostSpecific(instances);
  if (best !== undefined) return matchOf(room, best, prompt);
  const past = room.files
    .formerCandidates(prompt)
    .find(({ skeleton }) => matchSkeleton(skeleton, prompt) !== undefined);
  if (past === undefined) return undefined;
  // A rollout that is not over, or that is taken back.
  const slots = past.of.task.prompts.meetStranger(prompt) ?? null;
  room.files.file(past.of);
  return { of: past.of, slots };
}

/**
 * Of several tasks that a prompt is an instance of, the one with most fixed text; of those with as much the oldest, which
 * is the same one on every replica. A text without slots that is an instance of a template with labelled places is taken
 * for what somebody filled in, unless edits of it have served.
 */
function mostSpecific(instances: readonly AutomaticTask[]): AutomaticTask | undefined {
  if (instances.length < 2) return instances[0];
  const ordered = instances
    .map((of) => ({ of, skeleton: of.task.prompts.baseline().skeleton }))
    .toSorted(
      (one, other) =>
        fixedLength(other.skeleton) - fixedLength(one.skeleton) || ageOf(one.of) - ageOf(other.of),
    );
  const template = ordered.find(({ skeleton }) => slotsOf(skeleton).length > 0 && isLabelled(skeleton));
  const [first] = ordered;
  if (first === undefined || template === undefined || hasLearned(first.of)) return first?.of;
  return slotsOf(first.skeleton).length === 0 ? template.of : first.of;
}

function ageOf({ task }: AutomaticTask): number {
  return task.snapshot()?.task.createdAtMs ?? Number.POSITIVE_INFINITY;
}

function look(room: Room, prompt: string): FirstLook {
  const { aligner, files } = room;
  if (!aligner.spend(prompt.length * lookUpWork)) return { kind: 'unclear' };
  const kin: Kin[] = [];
  for (const of of files.nearest(prompt, comparedMax)) {
    const skeleton = skeletonOf(room, of);
    const match = matchSkeleton(skeleton, prompt) && matchOf(room, of, prompt);
    if (match !== undefined) return { kind: 'known', match };
    const difference = aligner.compare(skeleton, prompt);
    if (difference === undefined) return { kind: 'unclear' };
    kin.push({ of, difference });
  }
  const [same] = kin
    .filter(({ difference }) => isFilledIn(difference))
    .toSorted((one, other) => other.difference.kept - one.difference.kept);
  if (same === undefined) return { kind: 'new', kin };
  const match = matchOf(room, widen(room, same.of, same.difference.skeleton), prompt);
  return match === undefined ? { kind: 'new', kin } : { kind: 'known', match };
}

/** Whether a prompt differs from a task's in names and numbers only, and in labelled places that are open already. */
function isFilledIn({ kept, gaps, skeleton }: Difference): boolean {
  const isKnown = gaps.some(({ isOpen }) => isOpen) && isFrame(skeleton);
  return (
    (isKnown || isSamePrompt({ kept, skeleton })) &&
    gaps.every(({ kind, isOpen }) => kind === 'filled' || kind === 'value' || (kind === 'labelled' && isOpen))
  );
}

function enter(room: Room, task: TrackedTask, kin: readonly Kin[]): AutomaticTask {
  const known = room.tasks.get(task.id);
  if (known !== undefined) return known;
  const nowMs = room.clock.now();
  const isStray = kin.some(({ difference }) => isFrame(difference.skeleton) || isSamePrompt(difference));
  const of: AutomaticTask = {
    task,
    isStray,
    sightings: 0,
    firstSeenMs: nowMs,
    lastSeenMs: nowMs,
    predecessor: predecessorAmong(kin),
  };
  room.tasks.set(task.id, of);
  room.files.file(of);
  if (isStray) {
    task.hold();
    room.strays.add(of);
    const [oldest] = room.strays;
    if (room.strays.size > straysMax && oldest !== undefined) leave(room, oldest);
  }
  return of;
}

/** The oldest task of a template takes the others in; what has begun several conversations may be an agent's own. */
function absorb(room: Room, { skeleton, members }: FoundTemplate): AutomaticTask {
  const [founder, ...others] = members.toSorted(byStanding);
  if (founder === undefined) throw new RangeError('a template without members');
  release(room, founder);
  for (const other of others)
    if ((isLabelled(skeleton) || other.sightings <= 1) && !hasLearned(other)) takeOver(room, other);
  return widen(room, founder, skeleton);
}

/**
 * Gives a task a more general skeleton; the task that has it in the end. Where it may differ behind labels only, tasks
 * that have turned out to be instances of it are taken over, by the oldest of them.
 */
function widen(room: Room, of: AutomaticTask, skeleton: Skeleton): AutomaticTask {
  of.task.prompts.generalise(skeleton);
  room.files.file(of);
  if (!isLabelled(skeleton)) return of;
  const covered = [...room.files.nearest(skeletonText(skeleton), comparedMax)].filter(
    (other) =>
      other !== of &&
      !hasLearned(other) &&
      room.aligner.spend(fixedLength(skeleton)) &&
      isCovered(other.task.prompts.baseline().skeleton, skeleton),
  );
  const [oldest = of, ...others] = [of, ...covered].toSorted(byStanding);
  for (const other of others) takeOver(room, other);
  if (oldest !== of) oldest.task.prompts.generalise(skeleton);
  room.files.file(oldest);
  return oldest;
}

function isCovered(one: Skeleton, by: Skeleton): boolean {
  const { gaps, kept } = compareSkeletons(by, one);
  return kept === 1 && gaps.every(({ kind }) => kind === 'filled');
}

/** Whether edits of a task have served, which would be lost if another one took it over. */
function hasLearned({ task }: AutomaticTask): boolean {
  return (task.snapshot()?.plan.version ?? 0) > 1;
}

/** Tasks that are more than strays first, and of these the oldest. */
function byStanding(one: AutomaticTask, other: AutomaticTask): number {
  return Number(one.isStray) - Number(other.isStray) || ageOf(one) - ageOf(other) || 0;
}

/** A task's prompt has turned out to be another one's. */
function takeOver(room: Room, of: AutomaticTask): void {
  leave(room, of);
  room.absorbedIds.add(of.task.id);
}

function sight(
  room: Room,
  match: AutomaticMatch,
  { prompt, isFirstTurn }: { readonly prompt: string; readonly isFirstTurn: boolean },
): AutomaticMatch {
  const { of } = match;
  const nowMs = room.clock.now();
  if (match.slots === null) return match;
  of.lastSeenMs = nowMs;
  if (isFirstTurn) of.sightings += 1;
  if (of.isStray && of.sightings > 1) release(room, of);
  const { predecessor } = of;
  if (predecessor === null || !hasSucceeded(of, nowMs)) return match;
  predecessor.task.prompts.succeed(of.task.prompts.baseline());
  takeOver(room, of);
  return matchOf(room, predecessor, prompt) ?? match;
}

/** A task of its own from now on. */
function release(room: Room, of: AutomaticTask): void {
  of.isStray = false;
  of.task.release();
  room.strays.delete(of);
}

function leave(room: Room, of: AutomaticTask): void {
  room.tasks.delete(of.task.id);
  room.strays.delete(of);
  room.files.remove(of);
  room.families.leave(of);
}
