import type { Clock } from '../domain/clock.ts';
import type { Logger } from '../domain/logger.ts';
import type { Price } from '../domain/price.ts';
import type { Random } from '../domain/random.ts';
import type { Store } from '../store/store.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { ChatModel } from '../upstream/chat-model.ts';
import type { Embeddings } from '../upstream/embeddings.ts';
import type { Webhooks } from '../upstream/webhooks.ts';
import type { Allowance } from './allowance.ts';
import type { GateMemory } from './gate-memory.ts';

/** What the gate works with. */
export interface GateDeps {
  readonly store: Store;
  /** Answers shadow requests, and judges; called with Ratchet's own key. */
  readonly model: ChatModel;
  /** Embeds prompts and answers; absent: that is done locally, by character n-grams. */
  readonly embeddings?: Embeddings;
  /** Absent: graders of kind `webhook` have nothing to say. */
  readonly webhooks?: Webhooks;
  /** `null`: graders of kind `judge` have nothing to say. */
  readonly judgeModelName: string | null;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly priceOf: (model: string) => Price;
  /** What it keeps in mind; absent: a gate has its own, a single cycle begins without any. */
  readonly gateMemory?: GateMemory;
  /** US dollars a day that all tasks together may spend; absent or `null`: each its own budget. */
  readonly usdPerDay?: number | null;
  /** What is left of it; a cycle opens its own. */
  readonly allowance?: Allowance;
  /** Absent fields keep their defaults. */
  readonly bounds?: Partial<GateBounds>;
}

/** How much one cycle does for one task, so that it stays short. */
export interface GateBounds {
  /** Model calls at a time. */
  readonly concurrency: number;
  /** Recorded requests that a cycle replays for open campaigns. */
  readonly shadowRequests: number;
  /** Recorded requests that a cycle replays to settle an alarm. */
  readonly burstRequests: number;
  /** Reward events that a cycle folds into the watch. */
  readonly rewards: number;
}

export const defaultBounds: GateBounds = {
  concurrency: 4,
  shadowRequests: 40,
  burstRequests: 60,
  rewards: 5000,
};

/** What one cycle did, over all tasks. */
export interface GateReport {
  readonly tasks: number;
  /** Steps that changed something. */
  readonly changes: number;
  /** Steps that came too late, because another worker was first; the next cycle does them. */
  readonly conflicts: number;
  /** Tasks whose cycle broke off with an error, such as a store that is down; the next cycle resumes. */
  readonly failures: number;
  /** Answers paid for. */
  readonly shadowRequests: number;
  /** Pairs counted into ledgers. */
  readonly pairs: number;
}

export const emptyReport: GateReport = {
  tasks: 0,
  changes: 0,
  conflicts: 0,
  failures: 0,
  shadowRequests: 0,
  pairs: 0,
};
