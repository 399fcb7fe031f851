import type { BanditState } from '../domain/bandit-state.ts';
import type { Variant } from '../domain/variant.ts';
import { cosine } from '../stats/cosine.ts';
import { ngramEmbedding } from '../stats/ngram-embedding.ts';

/** How alike variants are: cosines of the n-gram embeddings of what their edits say; 0 with one without edits. */
export function likenessOf(variants: readonly Variant[]): NonNullable<BanditState['likeness']> {
  const embedded = variants.map(({ id, edits }) => ({
    id,
    point: ngramEmbedding(edits.map((edit) => ('text' in edit ? edit.text : `- ${edit.find}`)).join('\n')),
  }));
  return Object.fromEntries(
    embedded.map(({ id, point }) => [
      id,
      Object.fromEntries(embedded.map((other) => [other.id, cosine(point, other.point)])),
    ]),
  );
}
