import type { ArmSums } from '../domain/bandit-state.ts';
import type { Feedback } from '../domain/feedback.ts';
import { baselineVariantId } from '../domain/variant.ts';
import type { RewardEvent } from './feedback-store.ts';
import type { StoreCase } from './store-context.case.ts';

/** What cases of feedback do to a store, and look at afterwards. */
export interface FeedbackDesk {
  /** Records a batch, and returns the outcome of each. */
  readonly send: (...batch: readonly Feedback[]) => Promise<readonly string[]>;
  readonly baselineArm: () => Promise<ArmSums | undefined>;
  readonly rewards: () => Promise<readonly RewardEvent[]>;
}

/** The desk of the task `triage`. */
export function feedbackDesk({ store }: StoreCase): FeedbackDesk {
  return {
    send: async (...batch) => (await store().recordFeedback(batch)).map(({ outcome }) => outcome),
    baselineArm: async () => (await store().readTask('triage'))?.bandit.arms[baselineVariantId],
    rewards: async () => store().readRewards('triage', 0, 100),
  };
}
