import type { AgentRequest } from '../domain/agent-request.ts';
import type { Grade } from '../domain/grader.ts';
import type { ShadowRun } from '../domain/shadow-run.ts';

/** An answer that is to be graded. */
export interface GradedRun {
  readonly run: ShadowRun;
  /** As the agent sent it. */
  readonly request: AgentRequest;
  readonly expected: string | null;
}

/** A grade, or `unreachable` where somebody could not be asked who may be later. */
export type Told = Grade | 'unreachable';
