import type { Clock } from '../../domain/clock.ts';
import { estimateTokens } from '../../domain/estimate-tokens.ts';
import { RatchetError } from '../../domain/ratchet-error.ts';
import type { Embeddings } from '../embeddings.ts';
import { parseEmbeddings } from './embeddings.schema.ts';
import { createOpenAiClient } from './openai-client.ts';
import { toRatchetError } from './to-ratchet-error.ts';

/** How to reach an embedding model. */
export interface OpenAiEmbeddingsOptions {
  /** Such as `https://api.openai.com/v1`; any server with `/embeddings` will do. */
  readonly baseUrl: string;
  /** Sent as a bearer token. */
  readonly apiKey: string;
  readonly model: string;
  readonly clock: Clock;
  /** Longest time for a call with all its attempts, milliseconds. Default 60,000. */
  readonly callMsMax?: number;
  /** Further attempts after a connection failure, 408, 409, 429 or 5xx, with backoff. Default 2. */
  readonly retriesMax?: number;
}

/**
 * Embeddings of an OpenAI-compatible endpoint. As with the chat model only the options count, and redirects are refused.
 * Where the server reports no usage it is estimated.
 */
export function createOpenAiEmbeddings(options: OpenAiEmbeddingsOptions): Embeddings {
  const { model, callMsMax = 60_000, retriesMax = 2 } = options;
  const client = createOpenAiClient({
    baseUrl: options.baseUrl,
    apiKey: options.apiKey,
    attemptMsMax: callMsMax,
    retriesMax,
  });
  return {
    model,
    embed: async (texts) => {
      const deadline = AbortSignal.timeout(callMsMax);
      let body: unknown;
      try {
        body = await client.post<unknown>('/embeddings', {
          body: { model, input: texts, encoding_format: 'float' },
          signal: deadline,
        });
      } catch (error) {
        throw toRatchetError(error, deadline.aborted, options.clock.now());
      }
      const parsed = parseEmbeddings(body, texts.length);
      if (parsed === undefined)
        throw new RatchetError(
          'invalid_model_output',
          'The learning upstream answered with something that is no list of embeddings.',
        );
      return {
        vectors: parsed.vectors,
        inputTokens: parsed.inputTokens ?? texts.reduce((sum, text) => sum + estimateTokens(text), 0),
      };
    },
  };
}
