import type { AutomaticTask, Kin } from './automatic-task.ts';

/** Share of a prompt's fixed text that its next version keeps. */
const keptMin = 0.8;

/** Conversations that each of the two must have begun, before and after. */
const sightingsBefore = 20;
const sightingsAfter = 100;

/** How long the old prompt must not have come, and how far apart the last of it and the first of the new one may lie. */
const silenceMsMin = 86_400_000;

/** The task that a new prompt of an unnamed agent may be the next version of. */
export function predecessorAmong(kin: readonly Kin[]): AutomaticTask | null {
  const [closest] = kin
    .filter(({ of, difference }) => difference.kept >= keptMin && !of.isStray)
    .toSorted((one, other) => other.difference.kept - one.difference.kept);
  return closest?.of ?? null;
}

/**
 * Whether a task's prompt has taken the place of another one's: much of the text is the same, the old prompt came often
 * until about when the new one came first, and has not come for a day, while the new one came often. Two agents of one
 * house that work at different hours of the day are not taken for one, nor are those that both go on.
 */
export function hasSucceeded({ predecessor, sightings, firstSeenMs }: AutomaticTask, nowMs: number): boolean {
  if (predecessor === null || sightings < sightingsAfter || predecessor.sightings < sightingsBefore)
    return false;
  const isSilent = nowMs - predecessor.lastSeenMs >= silenceMsMin;
  return isSilent && Math.abs(firstSeenMs - predecessor.lastSeenMs) <= silenceMsMin;
}
