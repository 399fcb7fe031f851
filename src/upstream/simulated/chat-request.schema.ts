import { z } from 'zod';
import type { ChatRequest } from '../../domain/chat.ts';
import { RatchetError } from '../../domain/ratchet-error.ts';
import { chatMessage } from './chat-message.schema.ts';

/** A chat request as the world's server reads it. */
export interface WireRequest {
  readonly request: ChatRequest;
  readonly isStream: boolean;
  readonly isUsageIncluded: boolean;
}

const chatRequest = z.looseObject({
  model: z.string(),
  messages: z.array(chatMessage).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
});

/** Reads a request's body. Throws `invalid_json`, or `invalid_request` naming the field. */
export function parseChatRequest(body: string): WireRequest {
  const parsed = chatRequest.safeParse(jsonOf(body));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new RatchetError('invalid_request', issue?.message ?? 'The request is not understood', {
      param: issue?.path.join('.') ?? '',
    });
  }
  const { stream, stream_options: options } = parsed.data;
  return {
    request: parsed.data,
    isStream: stream === true,
    isUsageIncluded: options?.include_usage === true,
  };
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new RatchetError('invalid_json', 'The body is not JSON', { cause });
  }
}
