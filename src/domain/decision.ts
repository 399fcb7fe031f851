import type { AgentRequest } from './agent-request.ts';
import type { Completion, Usage } from './chat.ts';
import type { SlotValues } from './skeleton.ts';

/**
 * Why a variant was served.
 * - `drawn`: by the bandit; the only kind that is learned from.
 * - `pinned`: by the caller's header, or because the task has a single arm by order of an operator.
 * - `unattributed`: the episode's variant could not be found in time, the incumbent served.
 * - `removed`: the episode's variant was rolled back, the incumbent served.
 */
export type Attribution = 'drawn' | 'pinned' | 'unattributed' | 'removed';

/** What feedback needs to know of a decision; carried inside the signed decision id. */
export interface DecisionRef {
  /** Unique, short. The signed id that callers see wraps it. */
  readonly decisionId: string;
  readonly taskId: string;
  readonly variantId: string;
  /** Probability in (0, 1] with which the episode's variant was drawn. */
  readonly propensity: number;
  readonly planVersion: number;
  /** Equals `decisionId` where the request belongs to no longer conversation. */
  readonly episodeId: string;
  readonly atMs: number;
  readonly attribution: Attribution;
  /** Key id or credential hash that ids and episodes are scoped to. */
  readonly scope: string;
  /**
   * The episode is left out of the record. Its rewards count, but it tells nothing of how many episodes are answered,
   * since those that are not are never heard of.
   */
  readonly isUnrecorded?: true;
}

/** One routed request. */
export interface Decision extends DecisionRef {
  readonly baselineVersion: number;
  /** The upstream's completion or response id; resolves feedback that names it. */
  readonly completionId: string | null;
  readonly model: string;
  /** HTTP status of upstream; 0 where none arrived, or the response broke off. */
  readonly status: number;
  readonly usage: Usage | null;
  /** Counted by us, since upstream told no usage. */
  readonly isUsageEstimated: boolean;
  readonly finishReason: string | null;
  readonly latencyMs: number;
  readonly firstByteMs: number | null;
  readonly costUsd: number | null;
  readonly traceId: string | null;
  readonly segment: string | null;
  /**
   * By what a later turn without any session name finds its episode: an HMAC of how the conversation begins (scope,
   * client's prompt, first user and first assistant message), or, where upstream keeps the answer, the id of its first
   * item. `null` until the response has ended, on later turns, and where the episode was named.
   */
  readonly conversationKey: string | null;
  /** Hash of everything in the request but the fixed part of the prompt; equal inputs share ground truth. */
  readonly inputHash: string;
  /** Present only when the recording level is `full`. */
  readonly content: DecisionContent | null;
}

export interface DecisionContent {
  /** The client's request as it came, before any rewriting. */
  readonly request: AgentRequest;
  readonly slots: SlotValues;
  readonly completion: Completion;
}

/** Throws unless a decision keeps its invariants; called on write and again on read. */
export function assertDecision(decision: DecisionRef): void {
  if (!(decision.propensity > 0 && decision.propensity <= 1))
    throw new RangeError(
      `decision ${decision.decisionId}: propensity ${decision.propensity} is outside (0, 1]`,
    );
}
