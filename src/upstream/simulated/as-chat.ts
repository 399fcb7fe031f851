import { conversationOf, isChat, type AgentRequest } from '../../domain/agent-request.ts';
import type { ChatRequest } from '../../domain/chat.ts';

/** A request in either format as a world's models read it: a chat, the format of its answer included. */
export function asChat(request: AgentRequest): ChatRequest {
  if (isChat(request)) return request;
  const { model, text } = request;
  const isFormatted = typeof text === 'object' && text !== null && 'format' in text;
  const format: unknown = isFormatted ? text.format : undefined;
  return {
    model,
    messages: conversationOf(request),
    ...(format === undefined ? {} : { response_format: chatFormatOf(format) }),
  };
}

/** A chat has the name and the schema inside another object. */
function chatFormatOf(format: unknown): unknown {
  if (typeof format !== 'object' || format === null || !('type' in format)) return format;
  const { type, ...others } = format;
  return type === 'json_schema' ? { type, json_schema: others } : format;
}
