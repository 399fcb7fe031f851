/** Services of the user's that Ratchet asks; never on the user's path. */
export interface Webhooks {
  /**
   * Posts JSON and gives the JSON of the answer. Rejects with `upstream_unreachable`, `upstream_timeout` or
   * `invalid_model_output`, never naming what was sent or said.
   */
  readonly post: (call: WebhookCall) => Promise<unknown>;
}

export interface WebhookCall {
  /** http or https, without user name and password. */
  readonly url: string;
  /** Goes out as JSON. */
  readonly body: unknown;
  /** Longest wait for the whole answer, milliseconds. */
  readonly timeoutMs: number;
  /** Name of the secret that goes along as a bearer token. */
  readonly secretEnv?: string;
}
