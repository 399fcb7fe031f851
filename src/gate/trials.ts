import { applyEdits } from '../domain/apply-edits.ts';
import { isOpen, type Campaign } from '../domain/campaign.ts';
import { openCampaign } from '../domain/open-campaign.ts';
import { contentHash } from '../domain/content-hash.ts';
import type { Trial } from '../domain/gate-state.ts';
import type { TaskView } from './task-view.ts';

/** Trials that wait at most; the newest are dropped. */
export const trialsMax = 6;

/** Trials of the gate's own under test at a time, beside what the learner has open. */
const ownTrialsMax = 2;

/** Adds trials to those that wait, the new ones first, each variant once. */
export function queueTrials(waiting: readonly Trial[], added: readonly Trial[]): readonly Trial[] {
  const all = [...added, ...waiting];
  return all
    .filter(({ variant }, index) => all.findIndex((other) => other.variant.id === variant.id) === index)
    .slice(0, trialsMax);
}

/**
 * The trials that may become campaigns now, and those that go on waiting. One that has lost its sense is dropped: of
 * another baseline, already serving, without a place in the prompt, under test, or tested against this incumbent since
 * it was found.
 */
export function dueTrials(
  waiting: readonly Trial[],
  { task, plan, campaigns }: Pick<TaskView, 'task' | 'plan' | 'campaigns'>,
  all: readonly Campaign[],
): { readonly due: readonly Trial[]; readonly left: readonly Trial[] } {
  const sound = waiting.filter(({ variant, atMs }) => {
    const isArm = plan.arms.some(({ variantId }) => variantId === variant.id);
    const isTried = all.some(
      ({ proposal, incumbentId, state }) =>
        proposal.variant.id === variant.id &&
        (isOpen(state) || (incumbentId === plan.incumbentId && proposal.atMs >= atMs)),
    );
    return (
      variant.baselineVersion === plan.baselineVersion &&
      task.baseline.version === plan.baselineVersion &&
      !isArm &&
      !isTried &&
      applyEdits(task.baseline.skeleton, variant.edits) !== undefined
    );
  });
  const own = campaigns.filter(({ proposal }) => isOwn(proposal.optimizer)).length;
  const room = Math.max(0, ownTrialsMax - own);
  return { due: sound.slice(0, room), left: sound.slice(room) };
}

/** The campaign of a trial. Its id follows from what it is about, so that opening it twice changes nothing. */
export function trialCampaign(
  { variant, origin, purpose, atMs }: Trial,
  view: TaskView,
  nowMs: number,
): Campaign {
  const { incumbentId } = view.plan;
  return openCampaign(
    contentHash('trial', variant.id, incumbentId, String(atMs)),
    {
      variant,
      parentId: incumbentId,
      optimizer: origin,
      originCampaignId: null,
      shownDecisionIds: [],
      shownTraceIds: [],
      costUsd: 0,
      atMs: nowMs,
      ...(purpose === undefined ? {} : { purpose }),
    },
    { taskId: view.task.id, incumbentId },
  );
}

function isOwn(optimizer: string): boolean {
  return optimizer === 'credit' || optimizer === 'archive';
}
