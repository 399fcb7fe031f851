import type { Decision } from '../domain/decision.ts';

/**
 * The data plane's end of the hand-over of requests just served, for tasks whose requests are mirrored: with their text,
 * in memory alone. Never blocks, never throws.
 */
export interface LiveRequests {
  /** Whether a request of this task would be taken now; what is not wanted need not be prepared. */
  readonly isWanted: (taskId: string) => boolean;
  /** Hands over a decision with its content. */
  readonly offer: (decision: Decision) => void;
}
