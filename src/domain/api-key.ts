/** A key that clients of Ratchet authenticate with. Only its id is ever logged or stored. */
export interface ApiKey {
  readonly id: string;
  readonly secret: string;
  readonly roles: readonly ApiKeyRole[];
}

/** `infer`: completions; `feedback`: scores and comments; `trusted`: its `expected` counts as ground truth. */
export type ApiKeyRole = 'infer' | 'feedback' | 'trusted';
