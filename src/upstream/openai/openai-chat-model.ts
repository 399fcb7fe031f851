import { conversationOf, isChat, type AgentRequest } from '../../domain/agent-request.ts';
import type { Completion, Usage } from '../../domain/chat.ts';
import type { Clock } from '../../domain/clock.ts';
import { estimateTokens } from '../../domain/estimate-tokens.ts';
import { readRateLimit, type RateLimit } from '../../domain/rate-limit.ts';
import { RatchetError } from '../../domain/ratchet-error.ts';
import { responseFacts } from '../../domain/response-facts.ts';
import type { ChatModel } from '../chat-model.ts';
import { parseChatCompletion } from './chat-completion.schema.ts';
import { createOpenAiClient } from './openai-client.ts';
import { toRatchetError } from './to-ratchet-error.ts';

/** How to reach the models that Ratchet itself calls. */
export interface OpenAiChatModelOptions {
  /** Such as `https://api.openai.com/v1`; any server with the same endpoints will do. */
  readonly baseUrl: string;
  /** Sent as a bearer token; servers without keys take any text. */
  readonly apiKey: string;
  readonly clock: Clock;
  /** Longest wait for the head of one attempt's answer, milliseconds. Default 60,000. */
  readonly attemptMsMax?: number;
  /** Longest time for a call with all its attempts and its whole body, milliseconds. Default 180,000. */
  readonly callMsMax?: number;
  /** Further attempts after a connection failure, 408, 409, 429 or 5xx, with backoff and `retry-after`. Default 2. */
  readonly retriesMax?: number;
}

/**
 * Models behind an OpenAI-compatible endpoint.
 *
 * A request goes out as it is, to the endpoint of its format, but for `stream`, `stream_options`, `background` and `n`:
 * one answer, whole.
 * Where the server reports no usage it is estimated, rather too high than too low.
 */
export function createOpenAiChatModel(options: OpenAiChatModelOptions): ChatModel {
  const { clock, attemptMsMax = 60_000, callMsMax = 180_000, retriesMax = 2 } = options;
  const client = createOpenAiClient({
    baseUrl: options.baseUrl,
    apiKey: options.apiKey,
    attemptMsMax,
    retriesMax,
  });

  return {
    complete: async (request, { signal, retriesMax: ownRetriesMax } = {}) => {
      const startedAtMs = clock.now();
      const deadline = AbortSignal.timeout(callMsMax);
      const isChatRequest = isChat(request);
      let body: unknown;
      let endedAtMs: number;
      let rateLimit: RateLimit | null;
      try {
        const { data, response } = await client
          .post<unknown>(isChatRequest ? '/chat/completions' : '/responses', {
            body: oneWholeAnswer(request),
            signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
            ...(ownRetriesMax === undefined ? {} : { maxRetries: ownRetriesMax }),
          })
          .withResponse();
        body = data;
        endedAtMs = clock.now();
        rateLimit = readRateLimit((name) => response.headers.get(name), endedAtMs);
      } catch (error) {
        throw toRatchetError(error, deadline.aborted && signal?.aborted !== true, clock.now());
      }
      const parsed = isChatRequest ? parseChatCompletion(body) : parseResponse(body);
      if (parsed === undefined)
        throw new RatchetError(
          'invalid_model_output',
          `The learning upstream answered with something that is no ${isChatRequest ? 'chat completion' : 'response'}.`,
        );
      return {
        completion: parsed.completion,
        usage: parsed.usage ?? estimateUsage(request, parsed.completion),
        latencyMs: endedAtMs - startedAtMs,
        ...(rateLimit === null ? {} : { rateLimit }),
      };
    },
  };
}

interface ParsedAnswer {
  readonly completion: Completion;
  /** `null` where the server reports none. */
  readonly usage: Usage | null;
}

function parseResponse(body: unknown): ParsedAnswer | undefined {
  const { completions, usage } = responseFacts(body);
  const [completion] = completions;
  return completion === undefined ? undefined : { completion, usage };
}

function oneWholeAnswer(request: AgentRequest): Readonly<Record<string, unknown>> {
  const {
    stream: _stream,
    stream_options: _streamOptions,
    n: _answers,
    background: _background,
    ...rest
  } = request;
  return rest;
}

function estimateUsage(request: AgentRequest, { text, toolCalls }: Completion): Usage {
  return {
    inputTokens: estimateTokens(JSON.stringify(conversationOf(request))),
    outputTokens: estimateTokens(text + JSON.stringify(toolCalls)),
  };
}
