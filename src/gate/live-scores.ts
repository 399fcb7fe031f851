import type { Alarm } from '../domain/gate-state.ts';
import type { RewardEvent } from '../store/feedback-store.ts';
import { observationsOf } from './guard-streams.ts';
import type { Session } from './session.ts';
import type { TaskView } from './task-view.ts';

/**
 * What live traffic has said since an alarm of what the alarm is about, oldest first: rewards as they came, or the scores
 * of settled episodes for a guard.
 */
export async function readLiveScores(
  { guard, raisedAtMs, afterSequence = 0 }: Alarm,
  { task }: TaskView,
  { deps, bounds }: Session,
): Promise<readonly RewardEvent[]> {
  if (guard === undefined) return await deps.store.readRewards(task.id, afterSequence, bounds.rewards);
  const outcomes = await deps.store.readEpisodeOutcomes({
    taskId: task.id,
    afterMs: raisedAtMs,
    isSettled: true,
    order: 'oldest',
    limit: bounds.rewards,
  });
  return outcomes.flatMap((outcome, index): RewardEvent[] => {
    const score = observationsOf(outcome, task.config).find(({ name }) => name === guard)?.score;
    if (score === undefined) return [];
    const { episodeId, variantId, propensity, planVersion, decidedAtMs } = outcome;
    const draw = { episodeId, variantId, propensity, planVersion, decidedAtMs, atMs: decidedAtMs };
    return [{ ...draw, sequence: index + 1, reward: score }];
  });
}
