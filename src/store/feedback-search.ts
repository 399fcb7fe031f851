import type { Found, Place } from './place.ts';

/** Stored feedback for people. */
export interface FeedbackSearch {
  /** Feedback that matches, newest first, then by id. */
  readonly readFeedback: (query: FeedbackQuery) => Promise<Found<FeedbackRecord>>;
}

export interface FeedbackQuery {
  readonly taskId?: string;
  readonly episodeId?: string;
  readonly decisionId?: string;
  readonly scope?: string;
  /** Given strictly after / at or before these times. */
  readonly afterMs?: number;
  readonly untilMs?: number;
  readonly from?: Place;
  /** At most 500. */
  readonly limit: number;
}

/** One stored feedback as it stands. */
export interface FeedbackRecord {
  readonly feedbackId: string;
  readonly scope: string;
  readonly source: string;
  /** The name that was given, or the id of the signed decision. */
  readonly target: string;
  readonly state: 'pending' | 'expired' | 'resolved';
  readonly episodeId: string | null;
  /** `null` where it is about the episode, or not resolved. */
  readonly decisionId: string | null;
  /** `null` where it is about an episode, or not resolved. */
  readonly taskId: string | null;
  readonly metric: string | null;
  readonly value: number | null;
  /** Whether its value is the one that counts. */
  readonly isCounted: boolean;
  readonly comment: string | null;
  readonly expected: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly atMs: number;
}
