import { compareSkeletons, type Difference } from '../domain/compare-skeletons.ts';
import { matchSkeleton } from '../domain/match-skeleton.ts';
import type { Skeleton, SlotValues } from '../domain/skeleton.ts';
import { withSlotNamesOf } from '../domain/slot-names.ts';
import type { Baseline } from '../domain/task.ts';
import { fixedLength, type Aligner } from './aligner.ts';
import { isSamePrompt } from './prompt-family.ts';
import { createStoredBaseline, isSettled, joinBaselines } from './stored-baseline.ts';
import { createStrangers } from './strangers.ts';

/** Former baselines remembered. */
const formerMax = 4;

/** What is known of the prompt of one task, learned from the requests that pass. */
export interface PromptTracker {
  readonly baseline: () => Baseline;
  /** What the agent filled in, when the prompt is an instance of the baseline as far as it is known. */
  readonly match: (prompt: string) => SlotValues | undefined;
  /** The same for an instance with names, dates or numbers where none differed before: the places become slots. */
  readonly learn: (prompt: string) => SlotValues | undefined;
  /**
   * A prompt that differs in its instructions. `undefined`, until it is clear what it is: the next version of the prompt,
   * because it alone is sent; or the present one, because what differs is filled in.
   */
  readonly meetStranger: (prompt: string) => SlotValues | undefined;
  /** The baseline turns out to be an instance of a more general skeleton. */
  readonly generalise: (skeleton: Skeleton) => void;
  /** Another prompt has taken the baseline's place. */
  readonly succeed: (next: Pick<Baseline, 'skeleton' | 'stableFor'>) => void;
  /** Baselines of the past, newest first. */
  readonly former: () => readonly Skeleton[];
  /** Characters that are remembered. */
  readonly size: () => number;
  /** Takes over what the store has, where it is newer, and joins it to what was learned here. */
  readonly follow: (stored: Baseline) => void;
  /** Whether the store should hear of the baseline: changed, or settled. */
  readonly isUnsaved: () => boolean;
  readonly markSaved: (saved: Baseline) => void;
}

/** Tracks the prompt of a task from a first baseline. */
export function createPromptTracker(first: Baseline, aligner: Pick<Aligner, 'compare'>): PromptTracker {
  let current = first;
  let former: readonly Skeleton[] = [];
  let comebacks = 0;
  const strangers = createStrangers(aligner);
  const stored = createStoredBaseline();

  const generalise = (skeleton: Skeleton): void => {
    current = { version: current.version, skeleton, stableFor: 0 };
    strangers.forget();
  };
  const moveTo = (next: Baseline): void => {
    if (former.some((skeleton) => isInstance(next.skeleton, skeleton))) comebacks += 1;
    former = [current.skeleton, ...former].slice(0, formerMax);
    current = next;
    strangers.forget();
  };
  const succeed: PromptTracker['succeed'] = ({ skeleton, stableFor }) => {
    const named = withSlotNamesOf(skeleton, current.skeleton);
    moveTo({ version: current.version + 1, skeleton: named, stableFor });
  };
  const read = (prompt: string): SlotValues | undefined => matchSkeleton(current.skeleton, prompt);
  const formerOf = (prompt: string): Skeleton | undefined =>
    former.find((skeleton) => matchSkeleton(skeleton, prompt) !== undefined);

  return {
    baseline: () => current,
    match: (prompt) => {
      const slots = read(prompt);
      if (slots === undefined) return undefined;
      const wider = strangers.interrupt(current);
      if (wider !== undefined) generalise(wider);
      else current = { ...current, stableFor: current.stableFor + 1 };
      return wider === undefined ? slots : read(prompt);
    },
    learn: (prompt) => {
      const difference =
        formerOf(prompt) === undefined ? aligner.compare(current.skeleton, prompt) : undefined;
      if (difference === undefined || !isFilledIn(difference, current)) return undefined;
      generalise(difference.skeleton);
      return read(prompt);
    },
    meetStranger: (prompt) => {
      const returning = formerOf(prompt);
      const news = strangers.meet(prompt, current, returning === undefined ? null : comebacks);
      if (news === undefined) return undefined;
      if (news.kind === 'wider') generalise(news.skeleton);
      else succeed(returning === undefined ? news : { ...news, skeleton: returning });
      return read(prompt);
    },
    generalise,
    succeed,
    former: () => former,
    size: () =>
      [current.skeleton, ...former].reduce((sum, text) => sum + fixedLength(text), strangers.size()),
    follow: (baseline) => {
      if (!stored.isNews(baseline) || baseline.version < current.version) return;
      stored.markSaved(baseline);
      if (baseline.version > current.version) moveTo(baseline);
      else current = joinBaselines(baseline, current);
    },
    isUnsaved: () => stored.isUnsaved(current),
    markSaved: stored.markSaved,
  };
}

/** Whether a prompt differs from the baseline in what is filled in only; labelled text in a settled one may be edited. */
function isFilledIn(difference: Difference, baseline: Baseline): boolean {
  return (
    isSamePrompt(difference) &&
    difference.gaps.every(
      ({ kind, isOpen }) =>
        kind === 'filled' || kind === 'value' || (kind === 'labelled' && (isOpen || !isSettled(baseline))),
    )
  );
}

/** Whether one skeleton says no more than the other, which may have more slots for names and numbers. */
function isInstance(one: Skeleton, other: Skeleton): boolean {
  return compareSkeletons(other, one).gaps.every(({ kind }) => kind === 'filled' || kind === 'value');
}
