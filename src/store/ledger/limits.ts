import { defaultTaskConfig, type Task } from '../../domain/task.ts';

/** How long decisions with their text are kept unless told otherwise: 14 days. */
export const retentionMsDefault: number = 14 * 86_400_000;

/** Tasks that one sweep looks at; the next sweep goes on with the ones after. */
export const sweptTasksMax = 200;

/** Episodes whose windows one transaction of a sweep closes. */
export const closedPerTransactionMax = 500;

/** Such transactions for one task in one sweep. */
export const closingTransactionsMax = 10;

/** Rows of each kind that one sweep expires or deletes. */
export const deletedPerSweepMax = 5000;

/** Feedback arrives this much out of order, milliseconds, only where a clock was set back; replicas differ by less. */
export const clockSetbackMs = 300_000;

/** What is kept from when. */
export interface Horizons {
  /** Decisions, their content and shadow runs from before this moment go. */
  readonly contentMs: number;
  /** Feedback, episodes and reward events from before this moment go: nothing can come that would need them. */
  readonly evidenceMs: number;
  /** Feedback that waits since before this moment has waited in vain. */
  readonly pendingMs: number;
}

/**
 * Counts outlive content, since a correction within the attribution window must still find what it corrects. Feedback
 * that waits knows no task, so it waits as long as the longest attribution window of all tasks.
 */
export function horizonsOf(nowMs: number, retentionMs: number, attributionWindowMsMax: number): Horizons {
  return {
    contentMs: nowMs - retentionMs,
    evidenceMs: nowMs - Math.max(retentionMs, attributionWindowMsMax),
    pendingMs: nowMs - attributionWindowMsMax,
  };
}

/** The longest attribution window; the default one where there is no task. */
export function longestWindowMs(tasks: Iterable<Pick<Task, 'config'>>): number {
  let longestMs = 0;
  for (const { config } of tasks) longestMs = Math.max(longestMs, config.gate.attributionWindowMs);
  return longestMs === 0 ? defaultTaskConfig.gate.attributionWindowMs : longestMs;
}
