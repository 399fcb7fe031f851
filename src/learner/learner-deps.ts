import type { Clock } from '../domain/clock.ts';
import type { Logger } from '../domain/logger.ts';
import type { Price } from '../domain/price.ts';
import type { Random } from '../domain/random.ts';
import type { ErrorCode } from '../domain/ratchet-error.ts';
import type { Store } from '../store/store.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { ChatModel } from '../upstream/chat-model.ts';
import type { DropCounts } from './drop-reason.ts';
import type { ChosenSetup } from './meta/setup.ts';
import type { LearnerMemory } from './learner-memory.ts';
import type { SkipReason } from './readiness.ts';

/** What the learner works with. */
export interface LearnerDeps {
  readonly store: Store;
  /** Called with Ratchet's own key; `null` where there is none: then nothing is proposed. */
  readonly model: ChatModel | null;
  readonly optimizerModelName: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly priceOf: (model: string) => Price;
  /** Kept by the caller from cycle to cycle. */
  readonly memory: LearnerMemory;
  /** Ends calls under way, and the cycle after them. */
  readonly signal?: AbortSignal;
}

/** What one cycle did. */
export type LearnerReport =
  | { readonly kind: 'idle'; readonly reason: 'no-model' }
  | { readonly kind: 'ran'; readonly tasks: readonly TaskReport[] };

export interface TaskReport {
  readonly taskId: string;
  readonly outcome: TaskOutcome;
}

export type TaskOutcome =
  | { readonly kind: 'skipped'; readonly reason: SkipReason }
  /** `optimizer`: whose proposals they are. */
  | {
      readonly kind: 'proposed';
      readonly optimizer: string;
      readonly campaignIds: readonly string[];
      readonly dropped: DropCounts;
      /** How it was asked, and why so; absent: nobody was asked, or optimizers take turns. */
      readonly chosen?: ChosenSetup;
    }
  | {
      readonly kind: 'nothing-new';
      readonly optimizer: string;
      readonly dropped: DropCounts;
      /** Answers of which nothing could be read. */
      readonly malformed: number;
      readonly chosen?: ChosenSetup;
    }
  /** While the model was thinking the incumbent or the baseline changed; its answer is about a prompt of the past. */
  | { readonly kind: 'overtaken' }
  /** A call failed, or the store; the next cycle tries again. */
  | { readonly kind: 'failed'; readonly code: ErrorCode };
