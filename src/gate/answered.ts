import type { AgentRequest } from '../domain/agent-request.ts';
import type { Completion, Usage } from '../domain/chat.ts';

/** One answer to a recorded request, with what it took. */
export interface Answered {
  readonly request: AgentRequest;
  readonly answer: Completion;
  readonly usage: Usage;
  readonly latencyMs: number;
  readonly costUsd: number;
}
