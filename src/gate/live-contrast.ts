import type { LiveMatching, LiveReward } from '../domain/gate-state.ts';
import type { RewardEvent } from '../store/feedback-store.ts';

/** Ledger of a canary's live contrasts in its campaign. */
export const liveLedger = 'live';

/** Rewards that may wait for their counterpart, on each side. */
const queueMax = 64;

/** The two arms whose live rewards are contrasted. */
export interface LiveArms {
  readonly candidateId: string;
  readonly incumbentId: string;
  /** Requests decided at or before this moment do not count: one of the arms did not serve yet. */
  readonly sinceMs: number;
}

/** A reward of the candidate beside one of the incumbent from about the same time. */
export interface LiveContrast {
  /** Episode of the candidate's reward; each one makes at most one contrast. */
  readonly episodeId: string;
  /** Candidate minus incumbent, in [-1, 1]. */
  readonly difference: number;
}

/**
 * Pairs each reward of the candidate with the unused reward of the incumbent that was decided nearest in time, so that
 * what changes for both arms alike cancels out. A candidate's reward waits for the incumbent's next one, and then
 * takes the nearer of that one and those before it. Reads events in their order, one at a time: the same contrasts
 * come out however the events are cut into batches.
 */
export function contrastRewards(
  matching: LiveMatching,
  events: readonly RewardEvent[],
  arms: LiveArms,
): { readonly matching: LiveMatching; readonly contrasts: readonly LiveContrast[] } {
  let { waiting, unused } = matching;
  const contrasts: LiveContrast[] = [];
  for (const event of events) {
    if (event.decidedAtMs <= arms.sinceMs) continue;
    const { episodeId, reward, decidedAtMs } = event;
    const arrived: LiveReward = { episodeId, reward, decidedAtMs };
    if (event.variantId === arms.candidateId) waiting = [...waiting, arrived].slice(-queueMax);
    if (event.variantId !== arms.incumbentId) continue;
    unused = [...unused, arrived];
    let head = waiting[0];
    // Whoever waited so far has now seen the incumbent's rewards on both sides; the one that came may serve only one.
    while (head !== undefined && unused.includes(arrived)) {
      const partner = nearest(unused, head.decidedAtMs) ?? arrived;
      contrasts.push({ episodeId: head.episodeId, difference: head.reward - partner.reward });
      unused = unused.filter((candidate) => candidate !== partner);
      waiting = waiting.slice(1);
      head = waiting[0];
    }
    unused = unused.slice(-queueMax);
  }
  return { matching: { ...matching, waiting, unused }, contrasts };
}

function nearest(rewards: readonly LiveReward[], atMs: number): LiveReward | undefined {
  return rewards.toSorted(
    (one, other) => Math.abs(one.decidedAtMs - atMs) - Math.abs(other.decidedAtMs - atMs),
  )[0];
}
