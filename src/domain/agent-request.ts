import type { ChatMessage, ChatRequest } from './chat.ts';
import { chatOf, type ResponsesRequest } from './responses.ts';

/** What an agent asks a model, in either of the formats that Ratchet understands. */
export type AgentRequest = ChatRequest | ResponsesRequest;

/** Whether a request is one for chat completions. */
export function isChat(request: AgentRequest): request is ChatRequest {
  return request.messages !== undefined;
}

/**
 * The conversation of a request as chat messages, prompt included, for those who read it. What a responses request
 * leaves to upstream's memory is not in it.
 */
export function conversationOf(request: AgentRequest): readonly ChatMessage[] {
  return isChat(request) ? request.messages : chatOf(request);
}
