import type { BanditState, ObservationCredit } from '../../domain/bandit-state.ts';
import type { DecisionRef } from '../../domain/decision.ts';
import type { Feedback } from '../../domain/feedback.ts';
import type { ServingPlan } from '../../domain/plan.ts';
import type { TaskConfig } from '../../domain/task.ts';

/** What counting needs to know of a task. */
export interface LedgerTask {
  readonly taskId: string;
  readonly config: TaskConfig;
  /** The newest plan. */
  readonly plan: ServingPlan;
  readonly bandit: BanditState;
  /** Milliseconds from decision to first feedback of the episodes observed last; see `observationWindowMs`. */
  readonly delaysMs: readonly number[];
  readonly retired: Retired;
}

/** By variant id: the plan version since which episodes that drew the variant earlier no longer count. */
export type Retired = Readonly<Record<string, number>>;

/** The unit that is learned from: one episode's decisions of one task, keyed by scope, episode and task. */
export interface EpisodeRow {
  readonly scope: string;
  readonly episodeId: string;
  readonly taskId: string;
  readonly startedAtMs: number;
  /** `null` while none of its decisions was drawn: nothing is learned from it. */
  readonly draw: Draw | null;
  /** What the bandit was told; `null` before the first reward, and where the bandit had no use for it. */
  readonly observed: { readonly reward: number; readonly credit: ObservationCredit } | null;
  /** When the first feedback that the bandit was told came. */
  readonly answeredAtMs: number | null;
  /** Whether it has been counted as selected. */
  readonly isWindowClosed: boolean;
  /**
   * Set where it was observed and what it added cannot be read any more: then it can neither be corrected nor may it
   * count again. Nothing of it changes but `isWindowClosed`.
   */
  readonly isDamaged?: true;
}

export interface Draw {
  readonly variantId: string;
  readonly propensity: number;
  readonly planVersion: number;
  readonly decidedAtMs: number;
}

/** One stored feedback; repeats and corrections of its key change this row. */
export interface FeedbackRow {
  readonly feedbackId: string;
  /** As it was given last; what a correction leaves out stays as it was. */
  readonly feedback: Feedback;
  readonly state: FeedbackState;
  /** The value that counts: the newest that came within the attribution window. */
  readonly counted: CountedValue | null;
  /** When the key first came; corrections leave it. */
  readonly firstAtMs: number;
  /** Grows with each write; the later one wins between two values of one moment. */
  readonly arrival: number;
}

export interface CountedValue {
  readonly metric: string;
  readonly value: number;
  readonly atMs: number;
}

export type FeedbackState =
  /** Waits for a decision of its name (of a task that is known), or for its decision's task `taskId`. */
  | { readonly kind: 'pending'; readonly taskId: string | null }
  /** Waited in vain until the attribution window ended. */
  | { readonly kind: 'expired' }
  /** Belongs to a decision of an episode, or to the episode itself where `decision` is `null`. */
  | {
      readonly kind: 'resolved';
      readonly scope: string;
      readonly episodeId: string;
      readonly decision: FeedbackDecision | null;
    };

export interface FeedbackDecision {
  readonly decisionId: string;
  readonly taskId: string;
  readonly atMs: number;
  /** Whether it was drawn, and the variant is the one that its episode keeps. */
  readonly isLearned: boolean;
}

/** What the store knows of a decision that was recorded. */
export interface RecordedDecision extends DecisionRef {
  readonly inputHash: string;
}

/** Ground truth for all inputs of a task with one hash; kept per feedback that gave it. */
export interface GroundTruth {
  readonly feedbackId: string;
  readonly taskId: string;
  readonly inputHash: string;
  readonly decisionId: string;
  readonly expected: string;
  readonly atMs: number;
}

/** The reward that traces show: of one decision, or of every decision of an episode that has none of its own. */
export interface TraceReward {
  readonly scope: string;
  readonly episodeId: string;
  readonly taskId: string;
  /** `null`: the episode's own. */
  readonly decisionId: string | null;
  readonly reward: number | null;
}
