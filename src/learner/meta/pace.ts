import type { Campaign } from '../../domain/campaign.ts';
import type { TaskConfig } from '../../domain/task.ts';

/**
 * How many campaigns may be opened beside those that are open. Optimizers in turns fill the task's limit. A learner that
 * chooses opens one after the other: once a proposal is promoted, all others have to be tested anew beside it, and what
 * was paid for them is lost, while their order costs nothing, since the next choice knows more. In the worlds of
 * `bench:learner` the same prompt is reached with half the calls, and in as many requests. What waits for a person keeps
 * nobody waiting, within the limit.
 */
export function roomFor(
  { choice, openCampaignsMax }: TaskConfig['learner'],
  open: readonly Campaign[],
): number {
  const room = openCampaignsMax - open.length;
  return choice === 'turns' ? room : Math.min(room, 1 - open.filter((one) => !isWaiting(one)).length);
}

/** Whether a proposal has passed and waits for a person. */
function isWaiting({ state, verdict }: Campaign): boolean {
  return state === 'shadow' && verdict?.kind === 'promote';
}
