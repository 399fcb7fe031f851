import { cosine } from '../../stats/cosine.ts';
import { ngramEmbedding } from '../../stats/ngram-embedding.ts';

/**
 * Groups texts by likeness: each text joins the first group whose leader it is at least so like (cosine of
 * `ngramEmbedding`, in [-1, 1]), else leads a new one. Leader clustering (Hartigan, "Clustering Algorithms", 1975): one
 * pass, so that earlier texts never change their group when later ones come. The function gives the number of a
 * text's group; equal texts are looked up once.
 */
export function createTextGroups(likenessMin: number): (text: string) => number {
  const leaders: Float32Array[] = [];
  const known = new Map<string, number>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const vector = ngramEmbedding(text);
    const found = leaders.findIndex((leader) => cosine(leader, vector) >= likenessMin);
    const group = found === -1 ? leaders.push(vector) - 1 : found;
    known.set(text, group);
    return group;
  };
}
