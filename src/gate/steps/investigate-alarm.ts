import { moveCampaign, type Campaign } from '../../domain/campaign.ts';
import type { Alarm, WatchEvent, WatchState } from '../../domain/gate-state.ts';
import { addDifference, countOf, type Histogram } from '../../domain/histogram.ts';
import { planWithRollback } from '../../domain/next-plan.ts';
import { baselineVariantId, type Variant } from '../../domain/variant.ts';
import type { GateChange } from '../../store/campaign-store.ts';
import {
  burstFeedbacksMax,
  burstPairsMin,
  burstStartFeedbacksMax,
  decideBurst,
  decideByContrasts,
  type BurstDecision,
  type Contest,
} from '../burst.ts';
import { countCampaign } from '../campaign-telemetry.ts';
import { contrastRewards } from '../live-contrast.ts';
import { readContests, replayBurst } from '../replay-burst.ts';
import { isBuiltUpon, placesOfRetreat } from '../retreat.ts';
import type { Session } from '../session.ts';
import { findVariant, nextGateState, type TaskView } from '../task-view.ts';
import { nextRadius } from '../trust-region.ts';
import { resetWatch, startArmWatch, startWatch, watchPlan } from '../watch.ts';
import { rollBackCanary } from './move-canary.ts';
import type { Step } from './step.ts';

/** Plans that are searched for places of retreat. */
const plansMax = 200;

/**
 * Settles an alarm of the watch: replays tell an edit that got worse from a model that changed for all. The
 * incumbent's alarm goes first, since what becomes of it decides what becomes of the canary.
 */
export const investigateAlarm: Step = async (view, session) => {
  const alarmed = alarmedArm(view);
  if (alarmed === undefined) return null;
  if (alarmed.variantId === baselineVariantId) return reportDrift(alarmed.variantId, view, session);
  const investigation = await openInvestigation(alarmed, view, session);
  const { campaign, opponents, alarm } = investigation;
  const burst = campaign === undefined ? undefined : { campaign, opponents, alarm };
  if (burst !== undefined) await replayBurst(burst, view, session);
  const contests =
    burst === undefined
      ? opponents.map(({ id }) => ({ opponentId: id, differences: {} }))
      : await readContests(burst, session);
  const decision = await decide(investigation, contests, view, session);
  switch (decision.kind) {
    case 'continue':
      return noteContests(investigation, contests, view);
    case 'upstream-drift':
      return investigation.isCanary
        ? passAlarmOn(investigation, view, session)
        : reportDrift(alarmed.variantId, view, session);
    case 'regression':
    case 'undecided':
      return investigation.isCanary && campaign !== undefined
        ? rollBackCanary(campaign, { reason: `alarm: ${decision.kind}`, cause: decision.kind }, view, session)
        : await rollBack(investigation, decision, view, session);
  }
};

interface AlarmedArm {
  readonly variantId: string;
  readonly alarm: Alarm;
}

interface Investigation extends AlarmedArm {
  readonly isCanary: boolean;
  readonly variant: Variant | undefined;
  /** The campaign that brought the arm; none where an operator did. */
  readonly campaign: Campaign | undefined;
  /** In the order of retreat. */
  readonly opponents: readonly Variant[];
}

function alarmedArm({ gateState, plan }: TaskView): AlarmedArm | undefined {
  const arms = Object.entries(gateState.watch?.arms ?? {}).flatMap(([variantId, { alarm }]) =>
    alarm === null ? [] : [{ variantId, alarm }],
  );
  return arms.find(({ variantId }) => variantId === plan.incumbentId) ?? arms[0];
}

async function openInvestigation(
  alarmed: AlarmedArm,
  view: TaskView,
  { deps }: Session,
): Promise<Investigation> {
  const { task, plan, variants } = view;
  const { variantId } = alarmed;
  const isCanary = variantId !== plan.incumbentId;
  const all = await deps.store.readCampaigns(task.id, 'all');
  const state = isCanary ? 'canary' : 'promoted';
  const campaign = all.findLast((one) => one.state === state && one.proposal.variant.id === variantId);
  const rolledBack = all.filter((one) => one.state === 'rolled-back');
  const places = isCanary
    ? [plan.incumbentId]
    : placesOfRetreat(
        await deps.store.readPlans(task.id, plansMax),
        new Set(rolledBack.map(({ proposal }) => proposal.variant.id)),
      );
  const variant = variants.find(({ id }) => id === variantId);
  const found = await Promise.all(places.map(async (id) => await findVariant(view, deps.store, id)));
  // Whoever was built upon the alarmed arm has its edits too, and is no way out of them.
  const opponents = found.flatMap((place) =>
    place === undefined || (variant !== undefined && isBuiltUpon(place, variant)) ? [] : [place],
  );
  return { ...alarmed, isCanary, variant, campaign, opponents };
}

async function decide(
  { alarm, variantId, opponents }: Investigation,
  contests: readonly Contest[],
  { task, plan, bandit }: TaskView,
  { deps, bounds }: Session,
): Promise<BurstDecision> {
  const feedbacks = bandit.feedbacks - (alarm.atFeedback ?? 0);
  const hasBegun = contests.some(({ differences }) => countOf(differences) >= burstPairsMin);
  const decision = decideBurst(contests, hasBegun && feedbacks >= burstFeedbacksMax);
  if (decision.kind !== 'continue' || hasBegun || feedbacks < burstStartFeedbacksMax) return decision;
  const events = await deps.store.readRewards(task.id, alarm.afterSequence ?? 0, bounds.rewards);
  const nothing = { campaignId: '', waiting: [], unused: [] };
  return decideByContrasts(
    opponents.map(({ id }) => {
      const isLive = plan.arms.some((arm) => arm.variantId === id);
      const arms = { candidateId: variantId, incumbentId: id, sinceMs: 0 };
      const contrasts = isLive ? contrastRewards(nothing, events, arms).contrasts : [];
      const differences = contrasts.reduce<Histogram>(
        (histogram, { difference }) => addDifference(histogram, difference),
        {},
      );
      return { opponentId: id, differences };
    }),
  );
}

/** Keeps what the burst has found so far where people can see it. */
function noteContests(
  { variantId, alarm }: Investigation,
  contests: readonly Contest[],
  view: TaskView,
): GateChange | null {
  const replaysDone = Math.max(0, ...contests.map(({ differences }) => countOf(differences)));
  if (replaysDone === alarm.replaysDone) return null;
  const pairsByOpponent = Object.fromEntries(
    contests.map(({ opponentId, differences }) => [opponentId, differences]),
  );
  return withAlarm(view, variantId, { ...alarm, pairsByOpponent, replaysDone });
}

/** The model got worse for every arm: an event for people, and new levels for the watch. */
function reportDrift(variantId: string, view: TaskView, { deps }: Session): GateChange {
  const event: WatchEvent = {
    taskId: view.task.id,
    atMs: deps.clock.now(),
    variantId,
    cause: 'upstream-drift',
    action: 'reset',
    toVariantId: null,
  };
  deps.logger.warn('gate.upstream-drift', { taskId: view.task.id, variantId });
  const watch = resetWatch(view.gateState.watch ?? startWatch);
  return { taskId: view.task.id, watchEvents: [event], gateState: nextGateState(view, { watch }) };
}

/**
 * A canary that fell, but not behind the incumbent: then the incumbent fell too, and its own alarm has to find out why.
 * The canary's watch begins anew at its level.
 */
function passAlarmOn({ variantId, alarm }: Investigation, view: TaskView, { deps }: Session): GateChange {
  const watch = view.gateState.watch ?? startWatch;
  const { incumbentId } = view.plan;
  const calm: WatchState = {
    ...watch,
    arms: { ...watch.arms, [variantId]: startArmWatch(watch.arms[variantId]?.level ?? 0) },
  };
  return withAlarm({ ...view, gateState: { ...view.gateState, watch: calm } }, incumbentId, {
    ...alarm,
    raisedAtMs: deps.clock.now(),
    atFeedback: view.bandit.feedbacks,
    afterSequence: watch.cursor,
    pairsByOpponent: {},
    replaysDone: 0,
  });
}

function withAlarm(view: TaskView, variantId: string, alarm: Alarm): GateChange {
  const watch = view.gateState.watch ?? startWatch;
  const arms = { ...watch.arms, [variantId]: { ...(watch.arms[variantId] ?? startArmWatch(0)), alarm } };
  return { taskId: view.task.id, gateState: nextGateState(view, { watch: { ...watch, arms } }) };
}

async function rollBack(
  { variantId, variant, campaign }: Investigation,
  { kind, toVariantId }: Extract<BurstDecision, { readonly toVariantId: string }>,
  view: TaskView,
  { deps }: Session,
): Promise<GateChange> {
  const { task, variants, gateState } = view;
  const atMs = deps.clock.now();
  const removedIds = variants.flatMap((arm) =>
    arm.id === variantId || (variant !== undefined && isBuiltUpon(arm, variant)) ? [arm.id] : [],
  );
  const rollback = { removedIds, toVariantId, campaignId: campaign?.id ?? null, reason: kind };
  const plan = planWithRollback(view.plan, rollback, atMs);
  deps.logger.warn('gate.rolled-back', { taskId: task.id, variantId, toVariantId, cause: kind });
  countCampaign(deps, view, 'rolled-back');
  return {
    taskId: task.id,
    plan,
    campaigns:
      campaign === undefined
        ? []
        : [moveCampaign(campaign, 'rolled-back', { atMs, reason: `alarm: ${kind}` })],
    watchEvents: [{ taskId: task.id, atMs, variantId, cause: kind, action: 'rolled-back', toVariantId }],
    gateState: nextGateState(view, {
      radius: nextRadius(gateState.radius, kind === 'regression' ? 'harmful' : 'neutral'),
      // Nothing is known of what the arm delivers now that carries all the traffic.
      watch: watchPlan(gateState.watch ?? startWatch, plan, { [toVariantId]: 0 }),
    }),
  };
}
