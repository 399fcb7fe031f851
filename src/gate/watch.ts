import type { Alarm, ArmWatch, WatchState } from '../domain/gate-state.ts';
import type { ServingPlan } from '../domain/plan.ts';
import {
  alarmThreshold,
  shiryaevRobertsValue,
  startMartingales,
  stepMartingales,
  watchSlack,
} from '../stats/e-shiryaev-roberts.ts';
import type { RewardEvent } from '../store/feedback-store.ts';
import { addReward, emptyWindow, levelOf, windowBlock } from './reward-window.ts';

/** Own rewards after which an arm is measured by what it really delivers. */
export const ownLevelRewards: number = 2 * windowBlock;

export const startWatch: WatchState = { cursor: 0, arms: {} };

/** The arms that are watched: those on the way up or at the top. Others are compared by the bandit alone. */
export function watchedArms({ arms, incumbentId }: ServingPlan): readonly string[] {
  return arms
    .filter(({ variantId, status }) => variantId === incumbentId || status === 'canary')
    .map(({ variantId }) => variantId);
}

/** A watch that begins: `level` is μ₀, 0 while none is known. */
export function startArmWatch(level: number): ArmWatch {
  return { level, martingales: startMartingales(), observations: 0, recent: emptyWindow, alarm: null };
}

/**
 * The watch of a plan's arms: what is known of those that stay; those that are new begin at the level given by
 * `levels`, else without one.
 */
export function watchPlan(
  watch: WatchState,
  plan: ServingPlan,
  levels: Readonly<Record<string, number>> = {},
): WatchState {
  const arms = Object.fromEntries(
    watchedArms(plan).map((variantId) => {
      const level = levels[variantId];
      const known = level === undefined ? watch.arms[variantId] : undefined;
      return [variantId, known ?? startArmWatch(level ?? 0)];
    }),
  );
  return { ...watch, arms };
}

/** What an arm's newest rewards vouch for: the μ₀ of whoever follows it. */
export function deliveredLevel(watch: WatchState, variantId: string): number {
  return levelOf(watch.arms[variantId]?.recent ?? emptyWindow);
}

/** After a drift that hurt all arms alike: no level is known any more, and each arm learns its own anew. */
export function resetWatch(watch: WatchState): WatchState {
  const { guards } = watch;
  const arms = Object.fromEntries(Object.keys(watch.arms).map((variantId) => [variantId, startArmWatch(0)]));
  return {
    ...watch,
    arms,
    ...(guards === undefined ? {} : { guards: { ...guards, delivered: {}, arms: {} } }),
  };
}

/**
 * Folds rewards into the watch, oldest first, with ε = .02 and h = 10,000 (`stats/e-shiryaev-roberts.ts`). After 500
 * rewards of its own an arm's level may rise to their mean minus one standard error. An arm under investigation is not
 * stepped on. `feedbacks` is the task's count of observed feedbacks, noted with a new alarm.
 */
export function foldRewards(
  watch: WatchState,
  events: readonly RewardEvent[],
  at: { readonly nowMs: number; readonly feedbacks: number },
): WatchState {
  const arms: Record<string, ArmWatch> = { ...watch.arms };
  let { cursor } = watch;
  for (const { sequence, variantId, reward } of events) {
    cursor = Math.max(cursor, sequence);
    const arm = arms[variantId];
    if (arm === undefined || arm.alarm !== null) continue;
    arms[variantId] = stepArm(arm, reward, {
      raisedAtMs: at.nowMs,
      atFeedback: at.feedbacks,
      afterSequence: sequence,
      pairsByOpponent: {},
      replaysDone: 0,
    });
  }
  return { ...watch, cursor, arms };
}

function stepArm(arm: ArmWatch, reward: number, alarm: Alarm): ArmWatch {
  const recent = addReward(arm.recent ?? emptyWindow, reward);
  const martingales = stepMartingales(arm.martingales, reward, arm.level, watchSlack);
  const observations = arm.observations + 1;
  const level = observations === ownLevelRewards ? Math.max(arm.level, levelOf(recent)) : arm.level;
  const isAlarm = shiryaevRobertsValue(martingales) >= alarmThreshold;
  return { level, martingales, observations, recent, alarm: isAlarm ? alarm : null };
}
