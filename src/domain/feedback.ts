import type { DecisionRef } from './decision.ts';

/** A validated value about a decision, an episode or an id that upstream gave. */
export interface Feedback {
  readonly target: FeedbackTarget;
  readonly body: FeedbackBody;
  /**
   * What makes it idempotent, unique within `scope`: the caller's key, or a hash of (id, metric, source).
   * The same key with another value is a correction.
   */
  readonly key: string;
  /** Key id or credential hash of who sent it. */
  readonly source: string;
  readonly scope: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly atMs: number;
}

export type FeedbackTarget =
  /** From a signed decision id: counts even if the decision was never recorded. */
  | { readonly kind: 'decision'; readonly ref: DecisionRef }
  /** A completion id, response id or episode id; waits until its decision is stored. */
  | { readonly kind: 'name'; readonly name: string };

/** At least one of the four is present. */
export interface FeedbackBody {
  /** Metric and value stand together; booleans are 0 or 1; the value is as given, in the metric's range. */
  readonly metric: string | null;
  readonly value: number | null;
  readonly comment: string | null;
  /** Ground truth, only kept from a source that is trusted to give it. */
  readonly expected: string | null;
}

/**
 * What became of one feedback.
 * - `counted`: it moved the bandit for the first time for its episode, or added a metric.
 * - `replaced`: it corrected an earlier value.
 * - `duplicate`: its key was known with the same content; nothing changed.
 * - `pending`: stored, waiting for its decision (`202`).
 * - `noted`: stored, but not learned from (pinned, unattributed, removed arm, comment or expected only).
 */
export type FeedbackOutcome = 'counted' | 'replaced' | 'duplicate' | 'pending' | 'noted';

export interface FeedbackReceipt {
  /** Id of the stored row, stable for repeats. */
  readonly feedbackId: string;
  readonly outcome: FeedbackOutcome;
}
