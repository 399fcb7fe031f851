import { matchSkeleton } from '../domain/match-skeleton.ts';
import { literalSkeleton, type Skeleton, type SlotValues } from '../domain/skeleton.ts';
import { settledAfter, type Baseline } from '../domain/task.ts';
import type { Aligner } from './aligner.ts';

/** Requests in a row with one new prompt, the old one not once among them, after which it is the task's baseline. */
export const newPromptSightings = 5;

/**
 * The same for a prompt that was the baseline before. Many more, so that a slow rollout, during which both prompts are
 * sent, moves the baseline once and not to and fro.
 */
export const returningPromptSightings = 50;

/** New prompts watched at a time, and former baselines remembered. */
const familiesMax = 4;
const formerMax = 4;

/** What is known of the prompt of one task, learned from the requests that pass. */
export interface PromptTracker {
  readonly baseline: () => Baseline;
  /** What the agent filled in, when the prompt is an instance of the baseline as far as it is known. */
  readonly match: (prompt: string) => SlotValues | undefined;
  /** The same for an instance that differs where none differed before: the place becomes a slot. */
  readonly learn: (prompt: string) => SlotValues | undefined;
  /** A named task's prompt that is no instance: `undefined`, until it has been seen so often that it is the baseline. */
  readonly meetStranger: (prompt: string) => SlotValues | undefined;
  /** Takes over what the store has, where it is newer. */
  readonly follow: (stored: Baseline) => void;
  /** Whether the store should hear of the baseline: changed, or settled. */
  readonly isUnsaved: () => boolean;
  readonly markSaved: (saved: Baseline) => void;
}

interface Family {
  readonly skeleton: Skeleton;
  readonly sightings: number;
  readonly stableFor: number;
}

/** Tracks the prompt of a task from a first baseline. */
export function createPromptTracker(first: Baseline, { align }: Pick<Aligner, 'align'>): PromptTracker {
  let current = first;
  let saved: Baseline | undefined;
  let seen: Baseline | undefined;
  let families: readonly Family[] = [];
  let former: readonly Skeleton[] = [];

  const sight = (prompt: string): Family => {
    const known = families.find(({ skeleton }) => matchSkeleton(skeleton, prompt) !== undefined);
    if (known !== undefined) {
      families = families.filter((family) => family !== known);
      return { ...known, sightings: known.sightings + 1, stableFor: known.stableFor + 1 };
    }
    for (const family of families) {
      const skeleton = align(family.skeleton, prompt);
      if (skeleton === undefined) continue;
      families = families.filter((other) => other !== family);
      return { skeleton, sightings: family.sightings + 1, stableFor: 0 };
    }
    return { skeleton: literalSkeleton(prompt), sightings: 1, stableFor: 0 };
  };

  return {
    baseline: () => current,
    match: (prompt) => {
      const slots = matchSkeleton(current.skeleton, prompt);
      if (slots === undefined) return undefined;
      current = { ...current, stableFor: current.stableFor + 1 };
      families = [];
      return slots;
    },
    learn: (prompt) => {
      const skeleton = align(current.skeleton, prompt);
      const slots = skeleton && matchSkeleton(skeleton, prompt);
      if (skeleton === undefined || slots === undefined) return undefined;
      current = { version: current.version, skeleton, stableFor: 0 };
      families = [];
      return slots;
    },
    meetStranger: (prompt) => {
      const family = sight(prompt);
      families = [family, ...families].slice(0, familiesMax);
      const isReturning = former.some((skeleton) => matchSkeleton(skeleton, prompt) !== undefined);
      if (family.sightings < (isReturning ? returningPromptSightings : newPromptSightings)) return undefined;
      former = [current.skeleton, ...former].slice(0, formerMax);
      families = [];
      current = {
        version: current.version + 1,
        skeleton: family.skeleton,
        stableFor: family.stableFor,
      };
      return matchSkeleton(current.skeleton, prompt);
    },
    follow: (stored) => {
      if (stored === seen) return;
      // A snapshot may lag behind what was saved here, so only what it did not say before is news.
      const isNews = seen === undefined || !isSameSkeleton(seen, stored);
      seen = stored;
      if (!isNews) return;
      const isChangedHere = saved !== undefined && !isSameSkeleton(saved, current);
      const isOtherSkeleton = stored.version === current.version && !isSameSkeleton(stored, current);
      if (stored.version > current.version || (isOtherSkeleton && !isChangedHere)) current = stored;
      if (stored.version >= (saved?.version ?? 0)) saved = stored;
    },
    isUnsaved: () => saved === undefined || isWorthSaving(saved, current),
    markSaved: (baseline) => {
      saved = baseline;
    },
  };
}

/**
 * Which counts are saved follows from what reads them: only whether the skeleton has settled. Writing each count would
 * be a write per request.
 */
function isWorthSaving(saved: Baseline, current: Baseline): boolean {
  if (current.version < saved.version) return false;
  if (!isSameSkeleton(saved, current)) return true;
  return current.stableFor >= settledAfter && saved.stableFor < settledAfter;
}

function isSameSkeleton(one: Baseline, other: Baseline): boolean {
  if (one.version !== other.version) return false;
  return one.skeleton === other.skeleton || JSON.stringify(one.skeleton) === JSON.stringify(other.skeleton);
}
