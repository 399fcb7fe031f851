import type { AgentRequest } from '../domain/agent-request.ts';
import type { Completion, Usage } from '../domain/chat.ts';
import type { RateLimit } from '../domain/rate-limit.ts';

/**
 * A model that Ratchet itself calls, with its own key: for proposals, judging and shadow runs. Never on the user's path.
 */
export interface ChatModel {
  /**
   * One answer, not streamed, to a request in either format. Rejects with `upstream_overloaded` where too many requests
   * were sent, with `retryAfterMs` where upstream says when to come again, `upstream_unreachable`, `upstream_timeout` or
   * `invalid_model_output`.
   */
  readonly complete: (request: AgentRequest, options?: CallOptions) => Promise<ModelAnswer>;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Further attempts after a failure; default: what the model was made with. */
  readonly retriesMax?: number;
}

export interface ModelAnswer {
  readonly completion: Completion;
  readonly usage: Usage;
  readonly latencyMs: number;
  /** How near upstream is to its rate limit, where it says so. */
  readonly rateLimit?: RateLimit;
}
