import type { CreditReport } from '../../domain/credit-report.ts';
import { editKey } from '../../domain/edit-key.ts';
import type { Trial } from '../../domain/gate-state.ts';
import { makeVariant } from '../../domain/variant.ts';
import { readCredit } from '../read-credit.ts';
import { incumbentOf, nextGateState, type TaskView } from '../task-view.ts';
import { queueTrials } from '../trials.ts';
import type { Step } from './step.ts';

/** Feedbacks of the task from one look to the next, and the time after which fewer will do, milliseconds. */
const creditFeedbacks = 1000;
const creditMs = 86_400_000;
const creditFeedbacksMin = 100;

/**
 * Gives the edits of a task their credit now and then, where people can read it, and has those without worth tried
 * without: what harms is to be beaten, what does nothing but cost is to be done without at no loss.
 */
export const assignCredit: Step = async (view, { deps }) => {
  const { gateState, bandit, plan, task } = view;
  const hasEdits = plan.arms.length > 1;
  const since = bandit.feedbacks - (gateState.credit?.atFeedback ?? 0);
  const atMs = deps.clock.now();
  const isDue =
    since >= creditFeedbacks ||
    (since >= creditFeedbacksMin && atMs - (gateState.credit?.atMs ?? atMs) >= creditMs);
  if (!hasEdits || !isDue || task.baseline.version !== plan.baselineVersion) return null;
  const credit = await readCredit(view, deps.store, atMs);
  const trials = queueTrials(gateState.trials ?? [], removalsOf(credit, view));
  return { taskId: task.id, gateState: nextGateState(view, { credit, trials }) };
};

/** The incumbent without each edit that is to go, what harms first. */
function removalsOf({ edits, atMs }: CreditReport, view: TaskView): readonly Trial[] {
  const incumbent = incumbentOf(view);
  return edits
    .filter(({ isRemovalProposed }) => isRemovalProposed)
    .toSorted((one, other) => (one.effect?.estimate ?? 0) - (other.effect?.estimate ?? 0))
    .map(({ key, verdict }) => ({
      variant: makeVariant(
        view.task.id,
        incumbent.baselineVersion,
        incumbent.edits.filter((edit) => editKey(edit) !== key),
      ),
      origin: 'credit',
      purpose: verdict === 'neutral' ? 'prune' : 'improve',
      atMs,
    }));
}
