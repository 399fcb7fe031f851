import type { Completion, Usage } from './chat.ts';
import type { Grade } from './grader.ts';

/** A variant's answer to a recorded request, made off the user's path; paid once, then read from the store. */
export interface ShadowRun {
  readonly taskId: string;
  readonly variantId: string;
  readonly decisionId: string;
  readonly completion: Completion;
  readonly usage: Usage;
  readonly latencyMs: number;
  readonly costUsd: number;
  /** One per grader of the task, in the order of its configuration. */
  readonly grades: readonly Grade[];
  readonly atMs: number;
}

/** One independent unit of evidence: a conversation answered by candidate and incumbent. */
export interface Pair {
  readonly campaignId: string;
  /** The episode; a campaign counts each one once. */
  readonly unitId: string;
  /** Difference candidate minus incumbent in [-1, 1] for each ledger that the unit speaks to. */
  readonly differences: Readonly<Record<string, number>>;
}
