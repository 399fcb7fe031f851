import type { Feedback, FeedbackReceipt } from '../domain/feedback.ts';

/** Where feedback becomes rows and arm sums, in one transaction. */
export interface FeedbackStore {
  /**
   * Stores a batch atomically and moves the bandit. One receipt per feedback, in order. When the promise resolves,
   * the batch is committed to disk. Feedback whose named decision is unknown is kept as pending.
   */
  readonly recordFeedback: (batch: readonly Feedback[]) => Promise<readonly FeedbackReceipt[]>;
  /** Reward events of a task with `sequence` greater than `after`, oldest first. */
  readonly readRewards: (taskId: string, after: number, limit: number) => Promise<readonly RewardEvent[]>;
}

/** The first reward of an episode: what the watch and live contrasts read. Later corrections make no new event. */
export interface RewardEvent {
  /** Grows with time, unique within a store. */
  readonly sequence: number;
  readonly episodeId: string;
  readonly variantId: string;
  readonly propensity: number;
  readonly planVersion: number;
  /** In [0, 1]. */
  readonly reward: number;
  /** When the feedback came. */
  readonly atMs: number;
  readonly decidedAtMs: number;
}
