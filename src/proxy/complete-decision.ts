import { isChat, type AgentRequest } from '../domain/agent-request.ts';
import type { Completion } from '../domain/chat.ts';
import type { Decision } from '../domain/decision.ts';
import type { ConversationKeys } from './conversation-key.ts';
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
  /** Ids in the answer by which later turns may name it; see `AnswerFacts`. Default: none. */
  readonly callIds?: readonly string[];
  readonly itemIds?: readonly string[];
  /** The client's whole request, where text is recorded; else `null`. */
  readonly recordedRequest: AgentRequest | null;
}

/** How later turns name the conversation: by how it began, else by the answer's first item that upstream keeps. */
export interface ConversationNames {
  /** `null` where it was named, had begun before, or was not answered. */
  readonly beginning: string | null;
  /** What the store finds the conversation by; `null` where it was named or had begun before. */
  readonly stored: string | null;
}

/** What is recorded of a routed request. Content is kept only where both the request and an answer are there. */
export function completeDecision(
  route: RoutedRoute,
  outcome: RouteOutcome,
  conversationKey: string | null,
): Decision {
  const { callIds: _callIds, itemIds: _itemIds, completion, recordedRequest, ...measured } = outcome;
  const { ref, baselineVersion, segment, slots, conversation } = route;
  return {
    ...ref,
    ...measured,
    baselineVersion,
    segment,
    finishReason: completion?.finishReason ?? null,
    conversationKey,
    inputHash: inputHash(conversation, slots),
    content:
      completion === null || recordedRequest === null
        ? null
        : { request: recordedRequest, slots, completion },
  };
}

/**
 * The names of a conversation after its first answer. Where upstream keeps the answer, clients send the id of its items
 * back, or nothing else; where it does not, they send the words.
 */
export function namesOf(
  { opening, clientRequest }: Pick<RoutedRoute, 'opening' | 'clientRequest'>,
  { completion, itemIds = [] }: Pick<RouteOutcome, 'completion' | 'itemIds'>,
  conversationKey: ConversationKeys,
): ConversationNames {
  if (opening === null) return { beginning: null, stored: null };
  const beginning = completion === null ? null : conversationKey(opening, completion);
  const isKept = !isChat(clientRequest) && clientRequest['store'] !== false;
  return { beginning, stored: (isKept ? itemIds[0] : undefined) ?? beginning };
}
