/** A value about a decision or a conversation, or a comment, or the right answer, or several of these. */
export type Feedback = FeedbackSubject & (FeedbackScore | FeedbackMetric | FeedbackRemark);

interface FeedbackSubject {
  /** A decision id (see `decisionOf`), the id of a completion or response, or the name of an episode. */
  readonly id: string;
  /** Why: evidence for the learner. At most 20,000 characters. */
  readonly comment?: string | undefined;
  /** The right answer: ground truth for graders. At most 200,000 characters. */
  readonly expected?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** What makes it count once, however often it is sent; 1 to 200 characters. Default: a new one for each call. */
  readonly key?: string | undefined;
}

interface FeedbackScore {
  /** How good it was, in [0, 1] where the task says nothing else: short for the metric `score`. */
  readonly score: number | boolean;
  readonly metric?: undefined;
  readonly value?: undefined;
}

interface FeedbackMetric {
  readonly metric: string;
  /** Inside the range that the task gives the metric, [0, 1] where it gives none. */
  readonly value: number | boolean;
  readonly score?: undefined;
}

type FeedbackRemark = {
  readonly score?: undefined;
  readonly metric?: undefined;
  readonly value?: undefined;
} & ({ readonly comment: string } | { readonly expected: string });

/**
 * What became of a feedback.
 * - `counted`: it was learned from.
 * - `replaced`: it corrected an earlier value.
 * - `duplicate`: its key was known; nothing changed.
 * - `pending`: it is stored and waits for its decision.
 * - `noted`: it is stored, but is not learned from.
 */
export type FeedbackOutcome = 'counted' | 'replaced' | 'duplicate' | 'pending' | 'noted';

/** What Ratchet says of a feedback that it has committed to disk. */
export interface FeedbackReceipt {
  /** The same for every repeat. */
  readonly feedbackId: string;
  readonly outcome: FeedbackOutcome;
}
