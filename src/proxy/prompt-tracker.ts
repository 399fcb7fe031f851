import { matchSkeleton } from '../domain/match-skeleton.ts';
import type { Skeleton, SlotValues } from '../domain/skeleton.ts';
import { settledAfter, type Baseline } from '../domain/task.ts';
import type { Aligner } from './aligner.ts';
import { sightPrompt, type PromptFamily } from './prompt-family.ts';

/** Requests in a row with one new prompt, the old one not once among them, after which it is the task's baseline. */
export const newPromptSightings = 5;

/**
 * The same for a prompt that was the baseline before. Many more, so that a slow rollout, during which both prompts are
 * sent, moves the baseline once and not to and fro.
 */
export const returningPromptSightings = 50;

/** Former baselines remembered. */
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

/** Tracks the prompt of a task from a first baseline. */
export function createPromptTracker(
  first: Baseline,
  aligner: Pick<Aligner, 'align' | 'template'>,
): PromptTracker {
  let current = first;
  let saved: Baseline | undefined;
  let seen: Baseline | undefined;
  let families: readonly PromptFamily[] = [];
  let former: readonly Skeleton[] = [];

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
      const skeleton = aligner.align(current.skeleton, prompt);
      const slots = skeleton && matchSkeleton(skeleton, prompt);
      if (skeleton === undefined || slots === undefined) return undefined;
      current = { version: current.version, skeleton, stableFor: 0 };
      families = [];
      return slots;
    },
    meetStranger: (prompt) => {
      const [family, ...others] = sightPrompt(families, prompt, aligner);
      families = [family, ...others];
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
