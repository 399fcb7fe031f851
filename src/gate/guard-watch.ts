import type { GuardStream, GuardWatch, WatchState } from '../domain/gate-state.ts';
import type { ServingPlan } from '../domain/plan.ts';
import type { TaskConfig } from '../domain/task.ts';
import {
  alarmThreshold,
  shiryaevRobertsValue,
  startMartingales,
  stepMartingales,
} from '../stats/e-shiryaev-roberts.ts';
import type { EpisodeOutcome } from '../store/outcome-store.ts';
import { discoveredMax, guardCount, observationsOf, type GuardObservation } from './guard-streams.ts';
import { addReward, emptyWindow, levelOf } from './reward-window.ts';
import { ownLevelRewards, watchedArms } from './watch.ts';

/** What the guards of a task know before the first episode. */
function startGuards(cursorMs: number): GuardWatch {
  return { cursorMs, delivered: {}, arms: {} };
}

/** When a guard's alarm was raised, and where the task stood. */
export interface GuardMoment {
  readonly nowMs: number;
  readonly feedbacks: number;
}

/**
 * Folds settled episodes, oldest first, into the streams of the arms under watch: one e-Shiryaev-Roberts process for
 * each guardrail metric and segment. A stream begins at the level that the incumbent before has delivered (mean of its
 * last 250 to 500 minus one standard error), or without one, and may rise to its own after 500. An alarm is noted on the
 * arm's watch, where it is settled like one of the reward; a stream of an alarmed arm waits.
 */
export function foldGuards(
  watch: WatchState,
  outcomes: readonly EpisodeOutcome[],
  { plan, config }: { readonly plan: ServingPlan; readonly config: TaskConfig },
  moment: GuardMoment,
): WatchState {
  let guards = withArms(watch.guards ?? startGuards(moment.nowMs), plan);
  const arms = { ...watch.arms };
  const threshold = alarmThreshold * guardCount(config);
  for (const outcome of outcomes) {
    const { variantId, decidedAtMs } = outcome;
    guards = { ...guards, cursorMs: Math.max(guards.cursorMs, decidedAtMs) };
    const arm = arms[variantId];
    if (arm === undefined || arm.alarm !== null || guards.arms[variantId] === undefined) continue;
    for (const observation of observationsOf(outcome, config)) {
      const stepped = stepGuard(guards, variantId, observation, plan.incumbentId);
      guards = stepped.guards;
      if (shiryaevRobertsValue(stepped.stream.martingales) < threshold) continue;
      const alarm = {
        raisedAtMs: moment.nowMs,
        atFeedback: moment.feedbacks,
        afterSequence: watch.cursor,
        pairsByOpponent: {},
        replaysDone: 0,
        guard: observation.name,
      };
      arms[variantId] = { ...arm, alarm };
      // Whatever the alarm turns out to be, the stream begins anew.
      const calm = { ...stepped.stream, martingales: startMartingales() };
      guards = withStream(guards, variantId, observation.name, calm);
      break;
    }
  }
  return { ...watch, arms, guards };
}

function stepGuard(
  guards: GuardWatch,
  variantId: string,
  { name, score, slack }: GuardObservation,
  incumbentId: string,
): { readonly guards: GuardWatch; readonly stream: GuardStream } {
  const known = guards.arms[variantId]?.[name];
  const delivered = guards.delivered[name];
  const before = known ?? {
    level: delivered === undefined || delivered.variantId === variantId ? 0 : levelOf(delivered.recent),
    martingales: startMartingales(),
    observations: 0,
    recent: emptyWindow,
  };
  const recent = addReward(before.recent, score);
  const observations = before.observations + 1;
  const martingales = stepMartingales(before.martingales, score, before.level, slack);
  const level = observations === ownLevelRewards ? Math.max(before.level, levelOf(recent)) : before.level;
  const stream = { level, martingales, observations, recent };
  if (known === undefined && !hasRoom(guards, name)) return { guards, stream: before };
  const next = withStream(guards, variantId, name, stream);
  return {
    stream,
    guards:
      variantId === incumbentId
        ? { ...next, delivered: { ...next.delivered, [name]: { variantId, recent } } }
        : next,
  };
}

/** Segments are named by callers, so only so many of them are followed. */
function hasRoom({ arms, delivered }: GuardWatch, name: string): boolean {
  if (!name.startsWith('segment:') || delivered[name] !== undefined) return true;
  const names = new Set([...Object.keys(delivered), ...Object.values(arms).flatMap(Object.keys)]);
  return names.has(name) || [...names].filter((each) => each.startsWith('segment:')).length < discoveredMax;
}

function withStream(guards: GuardWatch, variantId: string, name: string, stream: GuardStream): GuardWatch {
  const streams = { ...guards.arms[variantId], [name]: stream };
  return { ...guards, arms: { ...guards.arms, [variantId]: streams } };
}

function withArms(guards: GuardWatch, plan: ServingPlan): GuardWatch {
  const arms = Object.fromEntries(watchedArms(plan).map((id) => [id, guards.arms[id] ?? {}]));
  return { ...guards, arms };
}
