import { isOpen } from '../domain/campaign.ts';
import type { TaskSnapshot } from '../store/plan-store.ts';
import type { CandidateGround } from './choose-candidates.ts';
import { incumbentChanges, rollbacksIn, triedChanges } from './edit-history.ts';
import type { Ground } from './find-ground.ts';
import type { LearnerDeps } from './learner-deps.ts';
import { roomFor } from './meta/pace.ts';
import { isSettled } from './readiness.ts';

/** Newest plans that are looked at for changes of the incumbent. */
const plansMax = 200;

/** The task as it stands after the call, and what candidates are held against. */
export interface GroundNow extends CandidateGround {
  readonly view: TaskSnapshot;
}

/**
 * Reads the task again, since a call may have taken minutes. `undefined` when the answer is about a prompt of the
 * past: the incumbent or the baseline is another one, or the baseline is no longer settled.
 */
export async function groundNow(deps: LearnerDeps, ground: Ground): Promise<GroundNow | undefined> {
  const { task, plan } = ground.view;
  const view = await deps.store.readTask(task.id);
  const isOvertaken =
    view === undefined ||
    view.plan.incumbentId !== plan.incumbentId ||
    view.task.baseline.version !== task.baseline.version ||
    !isSettled(view);
  if (isOvertaken) return undefined;
  const campaigns = await deps.store.readCampaigns(task.id, 'all');
  const plans = await deps.store.readPlans(task.id, plansMax);
  return {
    view,
    task: view.task,
    prompt: ground.prompt,
    room: roomFor(
      view.task.config.learner,
      campaigns.filter(({ state }) => isOpen(state)),
    ),
    history: {
      incumbent: ground.incumbent,
      armIds: view.plan.arms.map(({ variantId }) => variantId),
      tried: triedChanges(campaigns, view.task.baseline.version, ground.standing),
      incumbentChangesMs: incumbentChanges(plans),
      rollbacks: rollbacksIn(plans),
      nowMs: deps.clock.now(),
    },
  };
}
