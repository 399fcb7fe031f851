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
 * Scores one answer. A grader that cannot tell, for want of ground truth or because it failed, says `missing`:
 * never zero, since that would be a statement about the answer.
 */
export type Grader<Config extends GraderConfig> =
  /** The same answer always gets the same grade, free of charge: only such graders may promote. */
  | { readonly isDeterministic: true; grade(config: Config, subject: Subject): Grade }
  /** Asks a model: may screen and reject. */
  | {
      readonly isDeterministic: false;
      grade(config: Config, subject: Subject, ask: AskJudge): Promise<Grade>;
    };

/** Puts a rubric and a subject before the judge model. Never rejects: a judge that fails is `missing`. */
export type AskJudge = (rubric: string, subject: Subject) => Promise<Grade>;

/** A score in [0, 1], rounded to the 2 decimals that every later step counts with. */
export function scored(score: number, reason?: string): Grade {
  const rounded = Math.round(Math.min(1, Math.max(0, score)) * 100) / 100;
  return reason === undefined ? { kind: 'score', score: rounded } : { kind: 'score', score: rounded, reason };
}

/** No grade, and why. */
export function missing(reason: string): Grade {
  return { kind: 'missing', reason };
}
