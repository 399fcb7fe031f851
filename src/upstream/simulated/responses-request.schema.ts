import { z } from 'zod';
import { RatchetError } from '../../domain/ratchet-error.ts';
import type { ResponsesRequest } from '../../domain/responses.ts';

/** A responses request as the world's server reads it. */
export interface WireResponses {
  readonly request: ResponsesRequest;
  readonly isStream: boolean;
  /** Whether later requests may go on from the response. */
  readonly isKept: boolean;
  readonly previousResponseId: string | null;
  readonly conversationId: string | null;
}

const item = z.looseObject({
  type: z.string().nullable().exactOptional(),
  role: z.string().exactOptional(),
  content: z
    .union([
      z.string(),
      z.array(z.looseObject({ type: z.string(), text: z.string().exactOptional() })),
      z.null(),
    ])
    .exactOptional(),
});

const responsesRequest = z.looseObject({
  model: z.string(),
  instructions: z.string().nullable().exactOptional(),
  input: z.union([z.string(), z.array(item).min(1)]).exactOptional(),
  messages: z.undefined().optional(),
  stream: z.boolean().nullish(),
  store: z.boolean().nullish(),
  previous_response_id: z.string().nullish(),
  conversation: z.union([z.string(), z.looseObject({ id: z.string() })]).nullish(),
});

/** Reads a request's body. Throws `invalid_json`, or `invalid_request` naming the field. */
export function parseResponsesRequest(body: string): WireResponses {
  const parsed = responsesRequest.safeParse(jsonOf(body));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new RatchetError('invalid_request', issue?.message ?? 'The request is not understood', {
      param: issue?.path.join('.') ?? '',
    });
  }
  const { messages: _messages, ...request } = parsed.data;
  const { stream, store, previous_response_id: previous, conversation } = request;
  return {
    request,
    isStream: stream === true,
    isKept: store !== false,
    previousResponseId: previous ?? null,
    conversationId: typeof conversation === 'string' ? conversation : (conversation?.id ?? null),
  };
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new RatchetError('invalid_json', 'The body is not JSON', { cause });
  }
}
