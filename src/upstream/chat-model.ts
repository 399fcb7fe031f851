import type { AgentRequest } from '../domain/agent-request.ts';
import type { Completion, Usage } from '../domain/chat.ts';

/**
 * A model that Ratchet itself calls, with its own key: for proposals, judging and shadow runs. Never on the user's path.
 */
export interface ChatModel {
  /**
   * One answer, not streamed, to a request in either format. Rejects with `upstream_unreachable`, `upstream_timeout` or
   * `invalid_model_output`.
   */
  readonly complete: (
    request: AgentRequest,
    options?: { readonly signal?: AbortSignal },
  ) => Promise<ModelAnswer>;
}

export interface ModelAnswer {
  readonly completion: Completion;
  readonly usage: Usage;
  readonly latencyMs: number;
}
