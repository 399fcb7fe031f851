import { settledAfter } from '../domain/task.ts';
import type { TaskSnapshot } from '../store/plan-store.ts';

/** Characters of a prompt, slots as `{{name}}`, that an optimizer is still asked about. */
export const promptCharactersMax = 100_000;

/** Why a task is left alone this time. */
export type SkipReason =
  /** Its prompt has not been the same for long enough, or its plan is still about an older one. */
  | 'baseline-unsettled'
  /** None of the configured optimizers is known. */
  | 'no-optimizer'
  /** Nothing new can be expected yet, see `backoff.ts`. */
  | 'waiting'
  /** As many campaigns are open as may be. */
  | 'campaigns-open'
  | 'budget-spent'
  /** A person has learning stand still, or has pinned all traffic to one variant. */
  | 'paused'
  /** Fewer than 20 recorded requests of this version of the baseline have a reward. */
  | 'few-rewards'
  | 'prompt-too-long'
  /** The incumbent's edits do not fit the prompt as it stands now; the gate deals with that. */
  | 'incumbent-unfit'
  /** Too many calls of this cycle have failed, for whichever task. */
  | 'model-down';

/** Whether the learner may write edits against a task's prompt. */
export function isSettled({ task, plan, variants }: TaskSnapshot): boolean {
  const { version, stableFor } = task.baseline;
  const incumbent = variants.find(({ id }) => id === plan.incumbentId);
  // The baseline's own variant carries no edits that could be about another version.
  const isIncumbentCurrent =
    incumbent !== undefined && (incumbent.edits.length === 0 || incumbent.baselineVersion === version);
  return stableFor >= settledAfter && plan.baselineVersion === version && isIncumbentCurrent;
}
