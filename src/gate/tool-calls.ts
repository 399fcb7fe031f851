import type { Completion } from '../domain/chat.ts';
import type { ShadowRun } from '../domain/shadow-run.ts';

/** Two answers to a request, and the one that the agent went on with. */
export interface AnswersToCompare {
  readonly candidate: Pick<ShadowRun, 'completion'>;
  readonly incumbent: Pick<ShadowRun, 'completion'>;
  /** What was answered when the request was served; absent or `null` where that is not known. */
  readonly recorded?: Completion | null;
}

/**
 * What the tools that are called allow to be said of two answers. No tool is ever carried out: a request is asked again
 * with the results that the agent's own tools gave when it was served, and what would have come of another call is not
 * known.
 * - `none`: no tool is called.
 * - `same`: both call the tools that the agent went on with, whatever their arguments.
 * - `other`: one of them calls other tools, or none. Then its calls can be checked, but not what they would have led to.
 */
export type ToolCalls = 'none' | 'same' | 'other';

/** How the tools called by two answers compare; by their names, each as often as it is called. */
export function callsOf({ candidate, incumbent, recorded = null }: AnswersToCompare): ToolCalls {
  const [mine, theirs] = [toolsOf(candidate.completion), toolsOf(incumbent.completion)];
  const gone = recorded === null ? theirs : toolsOf(recorded);
  if (mine === '' && theirs === '' && gone === '') return 'none';
  return mine === gone && theirs === gone ? 'same' : 'other';
}

function toolsOf({ toolCalls }: Completion): string {
  return toolCalls
    .map(({ name }) => JSON.stringify(name))
    .toSorted()
    .join();
}
