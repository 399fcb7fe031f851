/** A model that turns texts into vectors, called with Ratchet's own key; never on the user's path. */
export interface Embeddings {
  /** Names the model: vectors of different names say nothing of one another. */
  readonly model: string;
  /**
   * One vector for each text, in order, all of one length. Rejects with `upstream_unreachable`, `upstream_timeout` or
   * `invalid_model_output`.
   */
  readonly embed: (texts: readonly string[]) => Promise<EmbeddingAnswer>;
}

export interface EmbeddingAnswer {
  readonly vectors: readonly Float32Array[];
  /** What was paid for; 0 where every vector was known. */
  readonly inputTokens: number;
}
