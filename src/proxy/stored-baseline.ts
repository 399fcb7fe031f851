import { joinSkeletons } from '../domain/generalise-skeleton.ts';
import type { Skeleton } from '../domain/skeleton.ts';
import { settledAfter, type Baseline } from '../domain/task.ts';

/** What is known of a baseline as the store has it. */
export interface StoredBaseline {
  /** Whether the store says what it did not say before. A snapshot may lag behind what was saved here. */
  readonly isNews: (stored: Baseline) => boolean;
  /** Whether the store should hear of the baseline: changed, or settled. */
  readonly isUnsaved: (current: Baseline) => boolean;
  /** The store has it, or a newer one. */
  readonly markSaved: (saved: Baseline) => void;
}

/** Starts with nothing stored. */
export function createStoredBaseline(): StoredBaseline {
  let seen: Baseline | undefined;
  let saved: Baseline | undefined;
  return {
    isNews: (stored) => {
      if (stored === seen) return false;
      const isNews = seen === undefined || !isSameBaseline(seen, stored);
      seen = stored;
      return isNews;
    },
    isUnsaved: (current) => saved === undefined || isWorthSaving(saved, current),
    markSaved: (baseline) => {
      saved = baseline;
    },
  };
}

/** Whether the skeleton has come unchanged so often that edits may be written against it. */
export function isSettled({ stableFor }: Baseline): boolean {
  return stableFor >= settledAfter;
}

/** Whether two skeletons are the same, slots and all. */
function isSameText(one: Skeleton, other: Skeleton): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

/**
 * What the store has and what was learned here, of one version: the skeleton that covers both, so that replicas that
 * learn from different requests come to one; as it is stored where that covers all. Where two replicas took different
 * prompts for the next version, the one that was stored last holds.
 */
export function joinBaselines(stored: Baseline, current: Baseline): Baseline {
  if (isSameText(stored.skeleton, current.skeleton)) return current;
  const skeleton = joinSkeletons(stored.skeleton, current.skeleton);
  if (skeleton === undefined || isSameText(skeleton, stored.skeleton)) return stored;
  return { ...current, skeleton, stableFor: isSameText(skeleton, current.skeleton) ? current.stableFor : 0 };
}

/**
 * Which counts are saved follows from what reads them: only whether the skeleton has settled. Writing each count would
 * be a write per request.
 */
function isWorthSaving(saved: Baseline, current: Baseline): boolean {
  if (current.version < saved.version) return false;
  return !isSameBaseline(saved, current) || (isSettled(current) && !isSettled(saved));
}

function isSameBaseline(one: Baseline, other: Baseline): boolean {
  return one.version === other.version && isSameText(one.skeleton, other.skeleton);
}
