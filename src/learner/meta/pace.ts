import type { Campaign } from '../../domain/campaign.ts';
import type { TaskConfig } from '../../domain/task.ts';

/**
 * Tests that a learner that chooses has under way. Fewer cost fewer calls, since once a proposal is promoted all others
 * have to be tested anew beside it; but where few requests come with ground truth, tests that go on side by side share
 * them, and the first gain serves after a half to a third of the requests.
 */
const testsMax = 3;

/**
 * How many campaigns may be opened beside those that are open. Optimizers in turns fill the task's limit; a learner that
 * chooses has at most three tests under way, so that its next choice knows more. What waits for a person keeps nobody
 * waiting, within the limit.
 */
export function roomFor(
  { choice, openCampaignsMax }: TaskConfig['learner'],
  open: readonly Campaign[],
): number {
  const room = openCampaignsMax - open.length;
  return choice === 'turns' ? room : Math.min(room, testsMax - open.filter((one) => !isWaiting(one)).length);
}

/** Whether a proposal has passed and waits for a person. */
function isWaiting({ state, verdict }: Campaign): boolean {
  return state === 'shadow' && verdict?.kind === 'promote';
}
