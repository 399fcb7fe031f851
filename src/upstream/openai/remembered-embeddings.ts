import type { Clock } from '../../domain/clock.ts';
import { contentHash } from '../../domain/content-hash.ts';
import { RatchetError } from '../../domain/ratchet-error.ts';
import type { Embeddings } from '../embeddings.ts';

/** Vectors that are remembered: some 12 MB of 1,536 dimensions each. */
const vectorsMax = 2000;

/** Texts of one call to the model. */
const batchTexts = 100;

/** How long a lasting refusal, such as an endpoint that does not exist, is taken for granted, milliseconds. */
const refusalMs = 3_600_000;

/**
 * Embeddings that are paid for once: vectors are remembered by the hash of their text, the least recently used go first.
 * The others are asked for a hundred at a time. After a lasting refusal the model is not asked again for an hour.
 */
export function rememberEmbeddings(embeddings: Embeddings, clock: Clock): Embeddings {
  const known = new Map<string, Float32Array>();
  let refused: { readonly error: RatchetError; readonly untilMs: number } | undefined;

  const keep = (key: string, vector: Float32Array): void => {
    known.delete(key);
    known.set(key, vector);
    const [oldest] = known.keys();
    if (known.size > vectorsMax && oldest !== undefined) known.delete(oldest);
  };
  const ask = async (texts: readonly string[]): ReturnType<Embeddings['embed']> => {
    if (refused !== undefined && clock.now() < refused.untilMs) throw refused.error;
    try {
      return await embeddings.embed(texts);
    } catch (error) {
      if (error instanceof RatchetError && !error.isRetryable)
        refused = { error, untilMs: clock.now() + refusalMs };
      throw error;
    }
  };

  return {
    model: embeddings.model,
    embed: async (texts) => {
      const keys = texts.map((text) => contentHash(text));
      const found = new Map<string, Float32Array>();
      const open = new Map<string, string>();
      for (const [index, key] of keys.entries()) {
        const vector = known.get(key);
        if (vector === undefined) open.set(key, texts[index] ?? '');
        else {
          keep(key, vector);
          found.set(key, vector);
        }
      }
      let inputTokens = 0;
      const missing = [...open];
      for (let start = 0; start < missing.length; start += batchTexts) {
        const batch = missing.slice(start, start + batchTexts);
        const answer = await ask(batch.map(([, text]) => text));
        inputTokens += answer.inputTokens;
        for (const [index, [key]] of batch.entries()) {
          const vector = answer.vectors[index];
          if (vector === undefined) continue;
          keep(key, vector);
          found.set(key, vector);
        }
      }
      return {
        vectors: keys.map((key) => found.get(key) ?? new Float32Array(0)),
        inputTokens,
      };
    },
  };
}
