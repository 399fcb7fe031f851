/** A key that clients of Ratchet authenticate with. Only its id is ever logged or stored. */
export interface ApiKey {
  readonly id: string;
  readonly secret: string;
  readonly roles: readonly ApiKeyRole[];
  /** Absent: none. */
  readonly limits?: ApiKeyLimits;
}

/** What a key may use; `null`: as much as it wants. Minutes and days are those of UTC. */
export interface ApiKeyLimits {
  readonly requestsPerMinute: number | null;
  readonly requestsPerDay: number | null;
  /** Read and written. */
  readonly tokensPerDay: number | null;
  readonly usdPerDay: number | null;
  /** Values of feedback. A batch that begins within the limit is taken whole. */
  readonly feedbackPerMinute: number | null;
}

/** `infer`: completions; `feedback`: scores and comments; `trusted`: its `expected` counts as ground truth. */
export type ApiKeyRole = 'infer' | 'feedback' | 'trusted';
