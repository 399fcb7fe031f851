import type { Difference } from '../domain/compare-skeletons.ts';
import { endsInLabel } from '../domain/gap-kind.ts';
import { fixedShareMin, hasFixedWords, templateWordsMin } from '../domain/generalise-skeleton.ts';
import { matchSkeleton } from '../domain/match-skeleton.ts';
import { literalSkeleton, skeletonText, slotsOf, type Skeleton } from '../domain/skeleton.ts';
import { fixedLength, type Aligner } from './aligner.ts';
import type { AutomaticTask, Kin } from './automatic-task.ts';

/** Different prompts with one frame that show labelled places to be filled in. */
export const labelledPromptsMin = 4;

/**
 * The same where running text differs, which in agents of one house is their instructions: prompts that have begun one
 * conversation each. What an agent is told recurs, what it is told about does not.
 */
export const runningPromptsMin = 12;

/** Fixed words around running text: with fewer, any prompt that begins and ends like many would be an instance. */
const frameWordsMin = 10;

/** Characters that two prompts may share in a slot by chance; more, and they are closer than the others of the family. */
const sharedLengthMax = 24;

/** Families of a scope that are watched at a time. */
const familiesMax = 32;

/** Prompts with one frame, of which it is not clear yet whether they are one agent's. */
interface StrayFamily {
  skeleton: Skeleton;
  readonly members: Set<AutomaticTask>;
}

/** A frame that turned out to be one agent's prompt, with the tasks that were founded by instances of it. */
export interface FoundTemplate {
  readonly skeleton: Skeleton;
  readonly members: readonly AutomaticTask[];
}

/** Finds templates most of whose text is filled in anew each time. */
export interface StrayFamilies {
  /** Counts a new prompt to the family that it is closest to; the template, where that has become clear. */
  readonly join: (stray: AutomaticTask, kin: readonly Kin[]) => FoundTemplate | undefined;
  readonly leave: (task: AutomaticTask) => void;
}

/** Knows none. */
export function createStrayFamilies(aligner: Pick<Aligner, 'compare'>): StrayFamilies {
  const families = new Set<StrayFamily>();
  const familyOf = new Map<AutomaticTask, StrayFamily>();
  const leave = (task: AutomaticTask): void => {
    const family = familyOf.get(task);
    familyOf.delete(task);
    family?.members.delete(task);
    if (family !== undefined && family.members.size < 2) dissolve(family);
  };
  const dissolve = (family: StrayFamily): void => {
    for (const member of family.members) familyOf.delete(member);
    families.delete(family);
  };
  const add = (family: StrayFamily, task: AutomaticTask): void => {
    family.members.add(task);
    familyOf.set(task, family);
  };
  return {
    join: (stray, kin) => {
      const [closest] = kin
        .filter(({ difference }) => isFrame(difference))
        .toSorted(
          (one, other) => fixedLength(other.difference.skeleton) - fixedLength(one.difference.skeleton),
        );
      if (closest === undefined) return undefined;
      let family = familyOf.get(closest.of);
      const wider = family && widened(family, { stray, closest: closest.of }, aligner);
      if (family === undefined || wider === undefined) {
        leave(closest.of);
        family = { skeleton: closest.difference.skeleton, members: new Set() };
        families.add(family);
        add(family, closest.of);
        const [oldest] = families;
        if (families.size > familiesMax && oldest !== undefined) dissolve(oldest);
      } else family.skeleton = wider;
      add(family, stray);
      if (!isTemplate(family)) return undefined;
      dissolve(family);
      return { skeleton: family.skeleton, members: [...family.members] };
    },
    leave,
  };
}

/** Whether two prompts may be of one template: they differ in values, behind labels, or within a frame of fixed text. */
export function isFrame({ gaps, skeleton }: Difference): boolean {
  const isRunning = gaps.some(({ kind }) => kind === 'text');
  return (
    gaps.every(({ kind, isEnclosed }) => kind !== 'text' || isEnclosed) &&
    hasFixedWords(skeleton, isRunning ? frameWordsMin : templateWordsMin)
  );
}

/**
 * The family's skeleton with another prompt in it; `undefined` where the prompt does not belong to it, or shares more
 * with its closest member than that one does with the others: then the two may be of an agent of their own.
 */
function widened(
  { skeleton }: StrayFamily,
  { stray, closest }: { readonly stray: AutomaticTask; readonly closest: AutomaticTask },
  aligner: Pick<Aligner, 'compare'>,
): Skeleton | undefined {
  const prompt = textOf(stray);
  let wider = skeleton;
  if (matchSkeleton(skeleton, prompt) === undefined) {
    const difference = aligner.compare(skeleton, prompt);
    if (difference === undefined || difference.kept < fixedShareMin || !isFrame(difference)) return undefined;
    wider = difference.skeleton;
  }
  const [values, others] = [matchSkeleton(wider, prompt), matchSkeleton(wider, textOf(closest))];
  let shared = 0;
  for (const { name } of openSlots(wider)) {
    const [value = '', other = ''] = [values?.[name], others?.[name]];
    const difference = aligner.compare(literalSkeleton(other), value);
    if (difference === undefined) return undefined;
    shared += fixedLength(difference.skeleton);
  }
  return shared > sharedLengthMax ? undefined : wider;
}

function isTemplate({ skeleton, members }: StrayFamily): boolean {
  if (isLabelled(skeleton)) return members.size >= labelledPromptsMin;
  return [...members].filter(({ sightings }) => sightings <= 1).length >= runningPromptsMin;
}

/** Whether every place that may hold any text stands behind a label. */
export function isLabelled({ segments }: Skeleton): boolean {
  return segments.every((segment, index) => {
    const before = segments[index - 1];
    return (
      segment.kind === 'text' ||
      segment.wordsMax !== undefined ||
      (before?.kind === 'text' && endsInLabel(before.text))
    );
  });
}

function openSlots(skeleton: Skeleton): ReturnType<typeof slotsOf> {
  return slotsOf(skeleton).filter(({ wordsMax }) => wordsMax === undefined);
}

function textOf({ task }: AutomaticTask): string {
  return skeletonText(task.prompts.baseline().skeleton);
}
