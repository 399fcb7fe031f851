import type { Trace } from '../domain/trace.ts';

/** Recorded requests for the learner and the gate: those with their text, unless a query names others. */
export interface TraceStore {
  /** Traces that match, in the order asked for: the first ones, where all together have more text than a thread may hold. */
  readonly readTraces: (query: TraceQuery) => Promise<readonly Trace[]>;
}

export interface TraceQuery {
  readonly taskId: string;
  /** Decided strictly after / at or before these times. */
  readonly afterMs?: number;
  readonly untilMs?: number;
  /** Baseline version that the requests were made under. */
  readonly baselineVersion?: number;
  /** Only requests with a reward, only those with ground truth. */
  readonly hasReward?: boolean;
  readonly hasExpected?: boolean;
  /** Leaves out episodes that this campaign, or any of these, has counted. */
  readonly notPairedIn?: string | readonly string[];
  /** Only these decisions, at most 500, also those that were recorded without their text. */
  readonly decisionIds?: readonly string[];
  readonly order: 'newest' | 'oldest';
  readonly limit: number;
}
