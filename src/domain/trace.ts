import type { Decision } from './decision.ts';

/** A recorded request with what is known of its quality. */
export interface Trace {
  readonly decision: Decision;
  /** Reward of the decision in [0, 1], `null` without feedback of a metric in the reward definition. */
  readonly reward: number | null;
  readonly comments: readonly string[];
  /**
   * Ground truth from trusted feedback: of this decision, else the newest of a decision of the same task with the
   * same input hash.
   */
  readonly expected: string | null;
}
