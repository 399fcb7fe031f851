import type { Campaign } from '../../domain/campaign.ts';
import type { LiveMatching, WatchState } from '../../domain/gate-state.ts';
import { contrastRewards, liveLedger } from '../live-contrast.ts';
import type { RewardEvent } from '../../store/feedback-store.ts';
import type { Session } from '../session.ts';
import { canaryOf, nextGateState } from '../task-view.ts';
import { foldRewards, startWatch, watchPlan } from '../watch.ts';
import type { Step } from './step.ts';

/** Folds the rewards that came in since the last cycle into the watch and into a canary's live contrasts. */
export const watchRewards: Step = async (view, session) => {
  const { task, plan, bandit, gateState } = view;
  const before = gateState.watch ?? startWatch;
  const watch = watchPlan(before, plan);
  const events = await session.deps.store.readRewards(task.id, before.cursor, session.bounds.rewards);
  const isSame = Object.keys(watch.arms).join() === Object.keys(before.arms).join();
  if (events.length === 0 && (isSame || gateState.watch === null)) return null;
  const nowMs = session.deps.clock.now();
  const folded = foldRewards(watch, events, { nowMs, feedbacks: bandit.feedbacks });
  const canary = canaryOf(view);
  const next =
    canary === undefined ? withoutLive(folded) : await contrastLive(folded, events, canary, session);
  return { taskId: task.id, gateState: nextGateState(view, { watch: next }) };
};

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
