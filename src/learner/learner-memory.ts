import type { SetupOutcome } from './meta/setup.ts';

/**
 * What a learner remembers between its cycles, by task id. It only saves calls: a learner that starts without it asks
 * once more than it would have needed to.
 */
export interface LearnerMemory {
  readonly tasks: Map<string, TaskMemory>;
}

export interface TaskMemory {
  /** Answered calls so far; whose turn it is follows from it. */
  readonly turn: number;
  /** Calls in a row that gave nothing new. */
  readonly fruitless: number;
  /** `BanditState.feedbacks` and the incumbent at the last answered call. */
  readonly feedbacksAtAsk: number;
  readonly incumbentKeyAtAsk: string;
  /** Calls in a row that failed, and the moment before which none is made. */
  readonly failures: number;
  readonly retryAtMs: number;
  /** UTC day on which the operator was told that the budget is spent. */
  readonly exhaustedOnDay: number | null;
  /** Newest turns that came to nothing: no campaign tells of them. */
  readonly barren: readonly SetupOutcome[];
  /** Pairs of open campaigns when it was last asked whether they are worth going on with, by campaign id. */
  readonly lookedAtPairs: Readonly<Record<string, number>>;
}

/** What the memory is compared with. */
export interface LearnerMoment {
  /** `BanditState.feedbacks`. */
  readonly feedbacks: number;
  /** Baseline version and incumbent. */
  readonly incumbentKey: string;
  readonly nowMs: number;
}

/** A memory of nothing. */
export function createLearnerMemory(): LearnerMemory {
  return { tasks: new Map() };
}

/** What is remembered of a task that has not been asked about. */
export const emptyTaskMemory: TaskMemory = {
  turn: 0,
  fruitless: 0,
  feedbacksAtAsk: 0,
  incumbentKeyAtAsk: '',
  failures: 0,
  retryAtMs: 0,
  exhaustedOnDay: null,
  barren: [],
  lookedAtPairs: {},
};
