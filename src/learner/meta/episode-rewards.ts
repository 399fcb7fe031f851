import type { Horizon } from '../../domain/proposal.ts';
import type { Trace } from '../../domain/trace.ts';
import type { Store } from '../../store/store.ts';
import { isOfLongerEpisode } from './read-horizons.ts';

/** Newest answered episodes that are looked through for those of the traces. */
const episodesMax = 1000;

/**
 * Traces with the reward of the horizon: for `step` as they are, each request with its own reward, else its episode's;
 * for `episode` those of longer conversations with the reward of the whole, as far as it is known.
 */
export async function withHorizon(
  store: Pick<Store, 'readEpisodeOutcomes'>,
  traces: readonly Trace[],
  horizon: Horizon,
): Promise<readonly Trace[]> {
  const [first] = traces;
  if (first === undefined || horizon === 'step' || !traces.some(isOfLongerEpisode)) return traces;
  const outcomes = await store.readEpisodeOutcomes({
    taskId: first.decision.taskId,
    hasReward: true,
    order: 'newest',
    limit: episodesMax,
  });
  const rewards = new Map(outcomes.map(({ episodeId, reward }) => [episodeId, reward]));
  return traces.map((trace) => ({
    ...trace,
    reward: isOfLongerEpisode(trace) ? (rewards.get(trace.decision.episodeId) ?? trace.reward) : trace.reward,
  }));
}
