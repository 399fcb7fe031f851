import type { Attribution, Decision } from '../domain/decision.ts';
import type { ShadowRun } from '../domain/shadow-run.ts';
import type { Found, Place } from './place.ts';

/** Recorded requests for people: by whatever is known of them. */
export interface DecisionSearch {
  /** Decisions that match, with or without their texts, in order of time, then id. */
  readonly readDecisions: (query: DecisionQuery) => Promise<Found<DecisionRecord>>;
  /** Every variant's answers to these requests, at most 500; in no order. */
  readonly readAnswers: (decisionIds: readonly string[]) => Promise<readonly ShadowRun[]>;
}

export interface DecisionQuery {
  readonly decisionId?: string;
  readonly completionId?: string;
  readonly episodeId?: string;
  readonly taskId?: string;
  readonly scope?: string;
  readonly variantId?: string;
  readonly segment?: string;
  readonly attribution?: Attribution;
  /** Only with a reward, only those of which the text is kept. */
  readonly hasReward?: true;
  readonly hasText?: true;
  /** Decided strictly after / at or before these times. */
  readonly afterMs?: number;
  readonly untilMs?: number;
  /** Whether texts come along; else `content` is `null`. A part with texts holds at most 8 MiB of them, or one item. */
  readonly withText: boolean;
  readonly order: 'newest' | 'oldest';
  readonly from?: Place;
  /** At most 500. */
  readonly limit: number;
}

/** A decision with what is known of its quality. */
export interface DecisionRecord {
  readonly decision: Decision;
  /** In [0, 1]; its own, else its episode's. */
  readonly reward: number | null;
  readonly isOwnReward: boolean;
  /** Whether its text is kept. */
  readonly hasText: boolean;
}
