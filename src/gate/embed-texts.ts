import { costUsd } from '../domain/price.ts';
import { RatchetError } from '../domain/ratchet-error.ts';
import { cosine } from '../stats/cosine.ts';
import { ngramEmbedding } from '../stats/ngram-embedding.ts';
import type { Reserve } from './purse.ts';
import type { Session } from './session.ts';
import type { TaskView } from './task-view.ts';

/** Characters of a text that are embedded; models take some 8,000 tokens. */
const charactersMax = 8000;

/** Texts in one space, where nearness can be measured. */
export interface EmbeddedTexts {
  /** The model, or `local`. */
  readonly embedder: string;
  /** Cosine of two of the texts, in [−1, 1]; 1 for equal ones. */
  readonly cosineOf: (one: string, other: string) => number;
}

/** Name of the embedder that needs no model. */
const localEmbedder = 'local';

/**
 * Embeds texts, all by the same embedder: by the model, out of the task's money, or, where there is none or it refuses
 * for good, locally by their character n-grams. `undefined` while the model cannot be reached or the money is gone:
 * another cycle may have more luck.
 */
export async function embedTexts(
  texts: readonly string[],
  { task }: TaskView,
  { deps, purse }: Pick<Session, 'deps' | 'purse'>,
  reserve: Reserve,
): Promise<EmbeddedTexts | undefined> {
  const { embeddings } = deps;
  if (embeddings === undefined) return embedLocally();
  if (!purse.hasMoney(reserve)) return undefined;
  const clipped = [...new Set(texts.map(clip))].filter((text) => text !== '');
  try {
    const { vectors, inputTokens } = await embeddings.embed(clipped);
    const usd = costUsd({ inputTokens, outputTokens: 0 }, deps.priceOf(embeddings.model));
    purse.owe({ usd });
    deps.telemetry.count('ratchet.learning.usd', usd, { task: task.name, kind: 'embedding' });
    const byText = new Map(clipped.map((text, index) => [text, vectors[index] ?? new Float32Array(0)]));
    return space(embeddings.model, (text) => byText.get(text) ?? new Float32Array(vectors[0]?.length ?? 0));
  } catch (error) {
    if (!(error instanceof RatchetError)) throw error;
    deps.logger.warn('gate.embeddings.failed', { taskId: task.id, code: error.code });
    return error.isRetryable ? undefined : embedLocally();
  } finally {
    await purse.settle();
  }
}

/** Texts in the space of their character n-grams; see `stats/ngram-embedding.ts`. */
export function embedLocally(): EmbeddedTexts {
  return space(localEmbedder, ngramEmbedding);
}

function space(embedder: string, vectorOf: (text: string) => Float32Array): EmbeddedTexts {
  return {
    embedder,
    cosineOf: (one, other) => {
      const [a, b] = [clip(one), clip(other)];
      return a === b ? 1 : cosine(vectorOf(a), vectorOf(b));
    },
  };
}

/** Whole code points, so that no half of a character is left. */
function clip(text: string): string {
  const clipped = text.slice(0, charactersMax);
  return /[\uD800-\uDBFF]$/.test(clipped) ? clipped.slice(0, -1) : clipped;
}
