import type { AgentRequest } from '../domain/agent-request.ts';
import type { DecisionRef } from '../domain/decision.ts';
import type { RatchetError } from '../domain/ratchet-error.ts';
import type { SlotValues } from '../domain/skeleton.ts';
import type { Choice } from './choose-variant.ts';
import type { Opening } from './conversation-key.ts';
import type { ClientConversation } from './episode-key.ts';
import type { Rewrite } from './rewrite.ts';

/** What becomes of a request. */
export type Route = PassThroughRoute | RefusedRoute | RoutedRoute;

/** Goes upstream without a choice of ours; only what is meant for Ratchet is taken out. */
export interface PassThroughRoute {
  readonly kind: 'pass-through';
  readonly reason: 'bypassed' | 'no-prompt' | 'prompt-not-text' | 'automatic-off' | 'scope-full' | 'failed';
  readonly rewrite: Rewrite;
  /** Model that upstream is asked for. */
  readonly model: string;
  /** The request as it came. */
  readonly clientRequest: AgentRequest;
}

/** Asks for something of ours that does not exist. */
export interface RefusedRoute {
  readonly kind: 'refused';
  readonly error: RatchetError;
}

/** A variant serves; all that is needed to send the request, and to record it afterwards. */
export interface RoutedRoute {
  readonly kind: 'routed';
  readonly ref: DecisionRef;
  readonly taskName: string;
  readonly variantStatus: Choice['status'];
  readonly baselineVersion: number;
  /** The agent's values in its prompt; empty where the prompt is no instance of the baseline. */
  readonly slots: SlotValues;
  readonly segment: string | null;
  readonly rewrite: Rewrite;
  /** Model that upstream is asked for. */
  readonly model: string;
  /** The request as it came. */
  readonly clientRequest: AgentRequest;
  /** What the client said behind its prompt. */
  readonly conversation: ClientConversation;
  /** Names the conversation once its first answer is known; `null` where it has a name, or has begun before. */
  readonly opening: Opening | null;
}
