import { endsInLabel } from '../domain/gap-kind.ts';
import { fixedShareMin, hasFixedWords, templateWordsMin } from '../domain/generalise-skeleton.ts';
import { matchSkeleton } from '../domain/match-skeleton.ts';
import { skeletonText, type Segment, type Skeleton, type Slot } from '../domain/skeleton.ts';
import { hasWordsAtMost } from '../domain/tokenize.ts';
import { fixedLength, type Aligner } from './aligner.ts';
import type { AutomaticTask, Kin } from './automatic-task.ts';

/** Different prompts with one frame that show labelled places to be filled in. */
const labelledPromptsMin = 4;

/**
 * The same where running text differs, which in agents of one house is their instructions: prompts that have begun one
 * conversation each, and whose running text begins and ends differently. What agents are told recurs, what they are told
 * about does not.
 */
const runningPromptsMin = 12;

/** Fixed words around running text: with fewer, any prompt that begins and ends like many would be an instance. */
const frameWordsMin = 10;

/** Fixed words on either side of running text. */
const sideWordsMin = 3;

/** Characters by which a value is told from others, at its beginning and at its end. */
const edgeLength = 24;

/** Prompts that a family has before one that would cost it much of its fixed text is no longer let in. */
const settledMembers = 3;

/** Families of a scope that are watched at a time. */
const familiesMax = 32;

/** How deep families lie within families. */
const depthMax = 3;

/** Prompts of a family that are remembered. */
const membersMax = 64;

/** Prompts with one frame, of which it is not clear yet whether they are one agent's. */
interface StrayFamily {
  skeleton: Skeleton;
  readonly depth: number;
  readonly members: Set<AutomaticTask>;
  /** By how the running text begins or ends: who came first, and the family of those that do so too, if any. */
  readonly kinds: Map<string, { readonly first: AutomaticTask; family: StrayFamily | undefined }>;
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

/**
 * Knows none. Prompts of several agents that share a frame make up one family at first. Those of them whose running text
 * begins or ends alike are a family of their own within it, whose frame has what they share: one agent's instructions.
 */
export function createStrayFamilies(aligner: Pick<Aligner, 'compare'>): StrayFamilies {
  const families = new Set<StrayFamily>();
  const familyOf = new Map<AutomaticTask, StrayFamily>();
  const forget = (task: AutomaticTask, family: StrayFamily): void => {
    family.members.delete(task);
    for (const [kind, { first, family: inner }] of family.kinds) {
      if (inner !== undefined) forget(task, inner);
      if (first === task && (inner === undefined || inner.members.size === 0)) family.kinds.delete(kind);
    }
  };
  const leave = (task: AutomaticTask): void => {
    const family = familyOf.get(task);
    familyOf.delete(task);
    if (family === undefined) return;
    forget(task, family);
    if (family.members.size < 2) dissolve(family);
  };
  const dissolve = (family: StrayFamily): void => {
    for (const member of family.members) familyOf.delete(member);
    families.delete(family);
  };
  const open = (skeleton: Skeleton, first: AutomaticTask): StrayFamily => {
    const family = newFamily(skeleton, 0);
    families.add(family);
    familyOf.set(first, family);
    admit(family, first, aligner);
    const [oldest] = families;
    if (families.size > familiesMax && oldest !== undefined) dissolve(oldest);
    return family;
  };
  return {
    join: (stray, kin) => {
      const known = new Set(kin.flatMap(({ of }) => familyOf.get(of) ?? []));
      const [best] = [...known]
        .flatMap((family) => {
          const wider = widened(family, textOf(stray), aligner);
          return wider === undefined ? [] : [{ family, wider }];
        })
        .toSorted((one, other) => fixedLength(other.wider) - fixedLength(one.wider));
      const [closest] = kin
        .filter(({ of, difference }) => !familyOf.has(of) && isFrame(difference.skeleton))
        .toSorted(
          (one, other) => fixedLength(other.difference.skeleton) - fixedLength(one.difference.skeleton),
        );
      const family = best?.family ?? (closest && open(closest.difference.skeleton, closest.of));
      if (family === undefined) return undefined;
      familyOf.set(stray, family);
      const template =
        widenTo(family, best?.wider ?? family.skeleton, aligner) ?? admit(family, stray, aligner);
      const [oldest] = family.members;
      if (family.members.size > membersMax && oldest !== undefined) leave(oldest);
      for (const member of template?.members ?? []) leave(member);
      return template;
    },
    leave,
  };
}

function newFamily(skeleton: Skeleton, depth: number): StrayFamily {
  return { skeleton, depth, members: new Set(), kinds: new Map() };
}

/** Takes a prompt into a family, and into those within it; the template, where that has become clear. */
function admit(
  family: StrayFamily,
  task: AutomaticTask,
  aligner: Pick<Aligner, 'compare'>,
): FoundTemplate | undefined {
  family.members.add(task);
  for (const kind of kindsOf(family.skeleton, textOf(task))) {
    const known = family.kinds.get(kind);
    if (known === undefined) family.kinds.set(kind, { first: task, family: undefined });
    if (known === undefined || known.first === task || family.depth >= depthMax) continue;
    if (known.family === undefined) {
      known.family = newFamily(known.first.task.prompts.baseline().skeleton, family.depth + 1);
      admit(known.family, known.first, aligner);
    }
    const wider = widened(known.family, textOf(task), aligner);
    if (wider === undefined) continue;
    const found = widenTo(known.family, wider, aligner) ?? admit(known.family, task, aligner);
    if (found !== undefined) return found;
  }
  return isTemplate(family) ? { skeleton: family.skeleton, members: [...family.members] } : undefined;
}

/** Gives a family a more general skeleton, by which its members are sorted anew. */
function widenTo(
  family: StrayFamily,
  skeleton: Skeleton,
  aligner: Pick<Aligner, 'compare'>,
): FoundTemplate | undefined {
  if (skeleton === family.skeleton) return undefined;
  family.skeleton = skeleton;
  family.kinds.clear();
  for (const member of family.members) {
    const found = admit(family, member, aligner);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** How a prompt's running text begins and ends. */
function kindsOf(skeleton: Skeleton, prompt: string): readonly string[] {
  const values = matchSkeleton(skeleton, prompt);
  if (values === undefined) return [];
  return runningSlots(skeleton).flatMap(({ name }) => {
    const value = values[name] ?? '';
    return [`${name} begins ${value.slice(0, edgeLength)}`, `${name} ends ${value.slice(-edgeLength)}`];
  });
}

/**
 * Whether a skeleton with open places may be a template: each of them stands behind a label or within fixed text on both
 * sides. A first paragraph that two prompts share is none.
 */
export function isFrame(skeleton: Skeleton): boolean {
  const { segments } = skeleton;
  const running = new Set<Segment>(runningSlots(skeleton));
  const isEnclosed = segments.every(
    (segment, index) =>
      !running.has(segment) || [segments[index - 1], segments[index + 1]].every((side) => isSide(side)),
  );
  return isEnclosed && hasFixedWords(skeleton, running.size > 0 ? frameWordsMin : templateWordsMin);
}

function isSide(side: Segment | undefined): boolean {
  return side?.kind === 'text' && !hasWordsAtMost(side.text, sideWordsMin - 1);
}

/** The family's skeleton with another prompt in it; `undefined` where the prompt does not belong to it. */
function widened(
  { skeleton, members }: StrayFamily,
  prompt: string,
  aligner: Pick<Aligner, 'compare'>,
): Skeleton | undefined {
  if (matchSkeleton(skeleton, prompt) !== undefined) return skeleton;
  const difference = aligner.compare(skeleton, prompt);
  if (difference === undefined || !isFrame(difference.skeleton)) return undefined;
  const isTooFar = members.size >= settledMembers && difference.kept < fixedShareMin;
  return isTooFar ? undefined : difference.skeleton;
}

function isTemplate({ skeleton, members }: StrayFamily): boolean {
  const running = runningSlots(skeleton);
  if (running.length === 0) return members.size >= labelledPromptsMin;
  const values = [...members]
    .filter(({ sightings }) => sightings <= 1)
    .map((member) => matchSkeleton(skeleton, textOf(member)))
    .filter((found) => found !== undefined);
  return running.every(({ name }) => {
    const beginnings = new Set(values.map((value) => value[name]?.slice(0, edgeLength)));
    const ends = new Set(values.map((value) => value[name]?.slice(-edgeLength)));
    return Math.min(beginnings.size, ends.size) >= runningPromptsMin;
  });
}

/** Whether every place that may hold any text stands behind a label. */
export function isLabelled(skeleton: Skeleton): boolean {
  return runningSlots(skeleton).length === 0;
}

/** The slots that may hold any text and stand behind no label. */
function runningSlots({ segments }: Skeleton): readonly Slot[] {
  return segments.flatMap((segment, index) => {
    if (segment.kind === 'text' || segment.wordsMax !== undefined) return [];
    const before = segments[index - 1];
    return before?.kind === 'text' && endsInLabel(before.text) ? [] : [segment];
  });
}

function textOf({ task }: AutomaticTask): string {
  return skeletonText(task.prompts.baseline().skeleton);
}
