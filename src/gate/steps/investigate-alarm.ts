import { moveCampaign } from '../../domain/campaign.ts';
import type { Alarm, WatchState } from '../../domain/gate-state.ts';
import { addDifference, countOf, type Histogram } from '../../domain/histogram.ts';
import { planWithRollback } from '../../domain/next-plan.ts';
import { baselineVariantId } from '../../domain/variant.ts';
import type { GateChange } from '../../store/campaign-store.ts';
import { targetOf } from '../alarm-target.ts';
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
import {
  alarmedArm,
  noteContests,
  openInvestigation,
  withAlarm,
  type Investigation,
} from '../investigation.ts';
import { contrastRewards } from '../live-contrast.ts';
import { readLiveScores } from '../live-scores.ts';
import { readContests, replayBurst, type Burst } from '../replay-burst.ts';
import { isBuiltUpon } from '../retreat.ts';
import type { Session } from '../session.ts';
import { reportDrift, searchHurtEdit } from '../settle-drift.ts';
import { nextGateState, type TaskView } from '../task-view.ts';
import { nextRadius } from '../trust-region.ts';
import { startArmWatch, startWatch, watchPlan } from '../watch.ts';
import { rollBackCanary } from './move-canary.ts';
import type { Step } from './step.ts';

/**
 * Settles an alarm of the watch: replays tell an edit that got worse from a model that changed for all. The
 * incumbent's alarm goes first, since what becomes of it decides what becomes of the canary.
 */
export const investigateAlarm: Step = async (view, session) => {
  const alarmed = alarmedArm(view);
  if (alarmed === undefined) return null;
  if (alarmed.variantId === baselineVariantId)
    return await reportDrift(alarmed.variantId, view, session, { prunings: [] });
  const investigation = await openInvestigation(alarmed, view, session);
  const { campaign, opponents, alarm, variant } = investigation;
  const target = targetOf(alarm, view.task.config);
  const burst =
    campaign === undefined || variant === undefined
      ? undefined
      : { alarm, alarmed: variant, ledgerId: campaign.id, opponents, target };
  const contests = await contest(burst, investigation, view, session);
  const found = await decide(investigation, contests, view, session);
  const decision = found.kind === 'undecided' && isModelChanged(view, session) ? drifted : found;
  switch (decision.kind) {
    case 'continue':
      return noteContests(investigation, contests, view);
    case 'upstream-drift':
      return investigation.isCanary
        ? passAlarmOn(investigation, view, session)
        : await searchHurtEdit({ investigation, burst, contests }, view, session);
    case 'regression':
    case 'undecided':
      return investigation.isCanary && campaign !== undefined
        ? rollBackCanary(
            campaign,
            { reason: alarmReason(decision.kind, alarm), cause: decision.kind, ...guardOf(alarm) },
            view,
            session,
          )
        : await rollBack(investigation, decision, view, session);
  }
};

const drifted: BurstDecision = { kind: 'upstream-drift' };

/** How long a change that pinned requests have told explains alarms, milliseconds. */
const changeMsMax = 3 * 86_400_000;

/** What no replay could decide is put down to a model that is known to have changed, rather than to the arm. */
function isModelChanged({ gateState }: TaskView, { deps }: Session): boolean {
  const { modelChangedAtMs } = gateState;
  return modelChangedAtMs !== undefined && deps.clock.now() - modelChangedAtMs <= changeMsMax;
}

/** What the places of retreat have shown, after further replays where that does not decide yet. */
async function contest(
  burst: Burst | undefined,
  { opponents }: Investigation,
  view: TaskView,
  session: Session,
): Promise<readonly Contest[]> {
  if (burst === undefined) return opponents.map(({ id }) => ({ opponentId: id, differences: {} }));
  const known = await readContests(burst, session);
  if (decideBurst(known, false, burst.target.tolerance).kind !== 'continue') return known;
  await replayBurst(burst, view, session);
  return await readContests(burst, session);
}

async function decide(
  { alarm, variantId, opponents }: Investigation,
  contests: readonly Contest[],
  view: TaskView,
  session: Session,
): Promise<BurstDecision> {
  const { task, plan, bandit } = view;
  const { tolerance } = targetOf(alarm, task.config);
  const feedbacks = bandit.feedbacks - (alarm.atFeedback ?? 0);
  const hasBegun = contests.some(({ differences }) => countOf(differences) >= burstPairsMin);
  const decision = decideBurst(contests, hasBegun && feedbacks >= burstFeedbacksMax, tolerance);
  if (decision.kind !== 'continue' || hasBegun || feedbacks < burstStartFeedbacksMax) return decision;
  const events = await readLiveScores(alarm, view, session);
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
    tolerance,
  );
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

function alarmReason(kind: string, { guard }: Alarm): string {
  return guard === undefined ? `alarm: ${kind}` : `alarm on ${guard}: ${kind}`;
}

function guardOf({ guard }: Alarm): { readonly guard?: string } {
  return guard === undefined ? {} : { guard };
}

async function rollBack(
  { variantId, variant, campaign, alarm }: Investigation,
  { kind, toVariantId }: Extract<BurstDecision, { readonly toVariantId: string }>,
  view: TaskView,
  { deps }: Session,
): Promise<GateChange> {
  const { task, variants, gateState } = view;
  const atMs = deps.clock.now();
  const removedIds = variants.flatMap((arm) =>
    arm.id === variantId || (variant !== undefined && isBuiltUpon(arm, variant)) ? [arm.id] : [],
  );
  const rollback = {
    removedIds,
    toVariantId,
    campaignId: campaign?.id ?? null,
    reason: alarm.guard === undefined ? kind : ('guardrail' as const),
  };
  const plan = planWithRollback(view.plan, rollback, atMs);
  deps.logger.warn('gate.rolled-back', { taskId: task.id, variantId, toVariantId, cause: kind });
  countCampaign(deps, view, 'rolled-back');
  return {
    taskId: task.id,
    plan,
    campaigns:
      campaign === undefined
        ? []
        : [moveCampaign(campaign, 'rolled-back', { atMs, reason: alarmReason(kind, alarm) })],
    watchEvents: [
      {
        taskId: task.id,
        atMs,
        variantId,
        cause: kind,
        action: 'rolled-back',
        toVariantId,
        ...guardOf(alarm),
      },
    ],
    gateState: nextGateState(view, {
      radius: nextRadius(gateState.radius, kind === 'regression' ? 'harmful' : 'neutral'),
      // Nothing is known of what the arm delivers now that carries all the traffic.
      watch: watchPlan(gateState.watch ?? startWatch, plan, { [toVariantId]: 0 }),
    }),
  };
}
