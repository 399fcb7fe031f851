import type { ChatRequest, Completion } from '../domain/chat.ts';

/** One answer to a recorded request, with what it took. */
export interface Answered {
  readonly request: ChatRequest;
  readonly answer: Completion;
  readonly latencyMs: number;
  readonly costUsd: number;
}
