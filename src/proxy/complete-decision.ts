import type { AgentRequest } from '../domain/agent-request.ts';
import type { Completion } from '../domain/chat.ts';
import type { Decision } from '../domain/decision.ts';
import { inputHash } from './input-hash.ts';
import type { RoutedRoute } from './route-result.ts';

/** How a routed request ended. */
export interface RouteOutcome
  extends
    Pick<Decision, 'completionId' | 'status' | 'usage' | 'isUsageEstimated' | 'latencyMs' | 'firstByteMs'>,
    Pick<Decision, 'costUsd' | 'traceId'> {
  /** Model that upstream was asked for. */
  readonly model: string;
  /** The answer; `null` where none came, or it could not be read. */
  readonly completion: Completion | null;
  /** The client's whole request, where text is recorded; else `null`. */
  readonly recordedRequest: AgentRequest | null;
}

/** What is recorded of a routed request. Content is kept only where both the request and an answer are there. */
export function completeDecision(route: RoutedRoute, outcome: RouteOutcome): Decision {
  const { completion, recordedRequest, ...measured } = outcome;
  const { ref, baselineVersion, segment, slots, turns, conversationKeyOf } = route;
  return {
    ...ref,
    ...measured,
    baselineVersion,
    segment,
    finishReason: completion?.finishReason ?? null,
    conversationKey: completion === null ? null : (conversationKeyOf?.(completion) ?? null),
    inputHash: inputHash(turns, slots),
    content:
      completion === null || recordedRequest === null
        ? null
        : { request: recordedRequest, slots, completion },
  };
}
