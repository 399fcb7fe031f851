import type { Campaign } from '../domain/campaign.ts';
import type { Alarm } from '../domain/gate-state.ts';
import { countOf } from '../domain/histogram.ts';
import type { Variant } from '../domain/variant.ts';
import type { GateChange } from '../store/campaign-store.ts';
import type { Contest } from './burst.ts';
import { isBuiltUpon, placesOfRetreat } from './retreat.ts';
import type { Session } from './session.ts';
import { findVariant, nextGateState, type TaskView } from './task-view.ts';
import { startArmWatch, startWatch } from './watch.ts';

/** Plans that are searched for places of retreat. */
const plansMax = 200;

/** An arm that the watch has raised an alarm on. */
export interface AlarmedArm {
  readonly variantId: string;
  readonly alarm: Alarm;
}

/** An alarm with what is needed to settle it. */
export interface Investigation extends AlarmedArm {
  readonly isCanary: boolean;
  readonly variant: Variant | undefined;
  /** The campaign that brought the arm; none where an operator did. */
  readonly campaign: Campaign | undefined;
  /** In the order of retreat. */
  readonly opponents: readonly Variant[];
}

/** The arm whose alarm is settled first: the incumbent's, since what becomes of it decides what becomes of the canary. */
export function alarmedArm({ gateState, plan }: TaskView): AlarmedArm | undefined {
  const arms = Object.entries(gateState.watch?.arms ?? {}).flatMap(([variantId, { alarm }]) =>
    alarm === null ? [] : [{ variantId, alarm }],
  );
  return arms.find(({ variantId }) => variantId === plan.incumbentId) ?? arms[0];
}

/** Reads what the alarm is about, and where the task could go back to. */
export async function openInvestigation(
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

/** Keeps what the burst has found so far where people can see it. */
export function noteContests(
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

/** The change that puts an alarm, new or with what has been found out, into the watch. */
export function withAlarm(view: TaskView, variantId: string, alarm: Alarm): GateChange {
  const watch = view.gateState.watch ?? startWatch;
  const arms = { ...watch.arms, [variantId]: { ...(watch.arms[variantId] ?? startArmWatch(0)), alarm } };
  return { taskId: view.task.id, gateState: nextGateState(view, { watch: { ...watch, arms } }) };
}
