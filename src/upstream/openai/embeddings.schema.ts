import { z } from 'zod';

/** What an embeddings endpoint says. */
export interface ParsedEmbeddings {
  /** In the order of the texts. */
  readonly vectors: readonly Float32Array[];
  /** `null` where the server reports none. */
  readonly inputTokens: number | null;
}

const embeddings = z.object({
  data: z.array(z.object({ index: z.int().nonnegative().optional(), embedding: z.array(z.number()).min(1) })),
  usage: z.object({ prompt_tokens: z.number().nonnegative() }).nullish().catch(null),
});

/** Reads the embeddings of so many texts; `undefined` where the body does not hold them, all of one length. */
export function parseEmbeddings(body: unknown, texts: number): ParsedEmbeddings | undefined {
  const { data } = embeddings.safeParse(body);
  if (data?.data.length !== texts) return undefined;
  const byPlace = new Map(data.data.map(({ index, embedding }, place) => [index ?? place, embedding]));
  const vectors: Float32Array[] = [];
  for (let place = 0; place < texts; place++) {
    const vector = byPlace.get(place);
    if (vector === undefined || vector.length !== byPlace.get(0)?.length) return undefined;
    vectors.push(Float32Array.from(vector));
  }
  return { vectors, inputTokens: data.usage?.prompt_tokens ?? null };
}
