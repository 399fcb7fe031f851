import type { EpisodeOutcome } from '../store/outcome-store.ts';

/** Answered episodes of one time bucket: two steps of the routing, so that its following the rewards biases little. */
const bucketEpisodes = 100;

/** An answered episode with what it may be compared within. */
export interface StratifiedOutcome extends Omit<EpisodeOutcome, 'reward'> {
  readonly reward: number;
  readonly stratum: string;
}

/**
 * Answered episodes in the order of time, each in its stratum: plan version × 100 episodes × segment. Within one, every
 * arm could be drawn, and what changes with time or differs between kinds of requests is shared.
 */
export function inStrata(outcomes: readonly EpisodeOutcome[]): readonly StratifiedOutcome[] {
  return outcomes
    .flatMap(({ reward, ...outcome }) => (reward === null ? [] : [{ ...outcome, reward }]))
    .toSorted((one, other) => one.decidedAtMs - other.decidedAtMs)
    .map((outcome, index) => ({
      ...outcome,
      stratum: JSON.stringify([outcome.planVersion, Math.floor(index / bucketEpisodes), outcome.segment]),
    }));
}
