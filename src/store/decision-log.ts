import type { Decision } from '../domain/decision.ts';

/** The data plane's end of the write-behind: never blocks, never throws. */
export interface DecisionLog {
  /** Queues a decision. When the queue is full its oldest entry is dropped and counted. */
  readonly append: (decision: Decision) => void;
  /** Resolves when all that was queued so far is stored, or was dropped. */
  readonly flush: () => Promise<void>;
  /** Decisions dropped since start. */
  readonly dropped: () => number;
  /** Decisions waiting. */
  readonly depth: () => number;
}
