import type { AgentRequest } from '../../domain/agent-request.ts';
import type { Completion } from '../../domain/chat.ts';
import type { Grade, GraderConfig } from '../../domain/grader.ts';

/** What a grader looks at. */
export interface Subject {
  readonly answer: Completion;
  /** The request as the model got it, the rendered prompt included. */
  readonly request: AgentRequest;
  /** Ground truth; `null` where none is known. */
  readonly expected: string | null;
}

/**
 * What a task's answers are graded by. A grader that cannot tell, for want of ground truth or because it failed, says
 * `missing`: never zero, since that would be a statement about the answer.
 */
export type Grader<Config extends GraderConfig> =
  /** Scores one answer at once and free of charge; the same answer always gets the same grade. May promote. */
  | { readonly isDeterministic: true; grade(config: Config, subject: Subject): Grade }
  /**
   * Scores one answer by asking somebody who is no judge: embeddings, or a service of the user's. What it said of an
   * answer is stored and stands (`remote-grades.ts`), so it may promote like the former.
   */
  | { readonly isDeterministic: true; readonly isRemote: true }
  /** Compares two answers by asking a model; see `judge-pairs.ts`. May screen, reject and sharpen, never promote. */
  | { readonly isDeterministic: false; rubricOf(config: Config): string };

/** A score in [0, 1], rounded to the 2 decimals that every later step counts with. */
export function scored(score: number, reason?: string): Grade {
  const rounded = Math.round(Math.min(1, Math.max(0, score)) * 100) / 100;
  return reason === undefined ? { kind: 'score', score: rounded } : { kind: 'score', score: rounded, reason };
}

/** No grade, and why. */
export function missing(reason: string): Grade {
  return { kind: 'missing', reason };
}
