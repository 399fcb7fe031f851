import type { Campaign } from '../../domain/campaign.ts';
import type { LiveMatching, WatchState } from '../../domain/gate-state.ts';
import { foldGuards } from '../guard-watch.ts';
import { contrastRewards, liveLedger } from '../live-contrast.ts';
import type { RewardEvent } from '../../store/feedback-store.ts';
import type { EpisodeOutcome } from '../../store/outcome-store.ts';
import type { Session } from '../session.ts';
import { canaryOf, nextGateState, type TaskView } from '../task-view.ts';
import { foldRewards, startWatch, watchPlan } from '../watch.ts';
import type { Step } from './step.ts';

/**
 * Folds the rewards that came in since the last cycle into the watch and into a canary's live contrasts, and the
 * episodes that have settled since into the watch over guardrails and segments.
 */
export const watchRewards: Step = async (view, session) => {
  const { task, plan, bandit, gateState } = view;
  const before = gateState.watch ?? startWatch;
  const watch = watchPlan(before, plan);
  const events = await session.deps.store.readRewards(task.id, before.cursor, session.bounds.rewards);
  const outcomes = await settledOutcomes(watch, view, session);
  const isSame = Object.keys(watch.arms).join() === Object.keys(before.arms).join();
  const isNothing = events.length === 0 && outcomes.length === 0;
  if (isNothing && (isSame || gateState.watch === null)) return null;
  const nowMs = session.deps.clock.now();
  const moment = { nowMs, feedbacks: bandit.feedbacks };
  const folded = foldRewards(watch, events, moment);
  const canary = canaryOf(view);
  const next =
    canary === undefined ? withoutLive(folded) : await contrastLive(folded, events, canary, session);
  const guarded = foldGuards(next, outcomes, { plan, config: task.config }, moment);
  return { taskId: task.id, gateState: nextGateState(view, { watch: guarded }) };
};

/**
 * Episodes of which most has been said by now, the oldest first. A page that is full ends before its last moment, since
 * more episodes of that moment may follow.
 */
async function settledOutcomes(
  { guards }: WatchState,
  { task }: TaskView,
  { deps, bounds }: Session,
): Promise<readonly EpisodeOutcome[]> {
  if (guards === undefined) return [];
  const outcomes = await deps.store.readEpisodeOutcomes({
    taskId: task.id,
    afterMs: guards.cursorMs,
    isSettled: true,
    order: 'oldest',
    limit: bounds.rewards,
  });
  const last = outcomes.at(-1)?.decidedAtMs;
  if (outcomes.length < bounds.rewards) return outcomes;
  const whole = outcomes.filter(({ decidedAtMs }) => decidedAtMs !== last);
  return whole.length === 0 ? outcomes : whole;
}

async function contrastLive(
  watch: WatchState,
  events: readonly RewardEvent[],
  canary: Campaign,
  { deps, tally }: Session,
): Promise<WatchState> {
  const begun: LiveMatching = { campaignId: canary.id, waiting: [], unused: [] };
  const { matching, contrasts } = contrastRewards(
    watch.live?.campaignId === canary.id ? watch.live : begun,
    events,
    {
      candidateId: canary.proposal.variant.id,
      incumbentId: canary.incumbentId,
      sinceMs: canary.canary?.startedAtMs ?? 0,
    },
  );
  // Marked as live, so that the same episode may still be replayed by another test.
  const pairs = contrasts.map(({ episodeId, difference }) => ({
    campaignId: canary.id,
    unitId: `live:${episodeId}`,
    differences: { [liveLedger]: difference },
  }));
  if (pairs.length > 0) await deps.store.recordPairs(pairs);
  tally({ pairs: pairs.length });
  return { ...watch, live: matching };
}

function withoutLive(watch: WatchState): WatchState {
  const { live: _ended, ...rest } = watch;
  return rest;
}
