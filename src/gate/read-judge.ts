import { delaysMax, delaysMin, observationWindowMs } from '../domain/observation-window.ts';
import type { Store } from '../store/store.ts';
import { hasJudge } from './has-judge.ts';
import { judgeIdOf } from './judge-pairs.ts';
import { standingOf, type StartingTest } from './judge-standing.ts';
import { canPromote, isLabelled } from './pair-differences.ts';
import type { Session } from './session.ts';
import type { TaskView } from './task-view.ts';

/** Newest campaigns whose pairs tell what a judge is worth; older ones may have been judged by an older model. */
const campaignsMax = 20;

/** Recent requests that tell how many have ground truth. */
const recentMax = 200;

/** How long ground truth is waited for where feedback's delays are not known, and what no knowledge can shorten. */
const patienceMsMax = 86_400_000;
const patienceMsMin = 600_000;

/** Newest reward events, of all tasks, that are looked through for delays. */
const eventsMax = 2_000;

/** All that is known of a judge before a test's level is. */
export type JudgeKnowledge = Omit<StartingTest, 'alphaLevel'>;

/**
 * What the tests so far have found out about a task's judge; nothing without a judge, or where it would have no truth to
 * correct.
 */
export async function readJudge(
  view: TaskView,
  { deps }: Pick<Session, 'deps'>,
): Promise<JudgeKnowledge | undefined> {
  const { task, plan } = view;
  const { config } = task;
  if (!hasJudge(config, deps) || !canPromote(config)) return undefined;
  const judgeId = judgeIdOf(config.graders, deps.judgeModelName ?? '');
  const campaigns = await deps.store.readCampaigns(task.id, 'all');
  const ledgers = await Promise.all(
    campaigns.slice(-campaignsMax).map(async ({ id }) => await deps.store.readLedger(id)),
  );
  const patienceMs = await patienceOf(view, deps.store);
  // Only requests whose ground truth has had its time to come.
  const recent = await deps.store.readTraces({
    taskId: task.id,
    untilMs: deps.clock.now() - patienceMs,
    baselineVersion: plan.baselineVersion,
    order: 'newest',
    limit: recentMax,
  });
  const labelled = recent.filter(({ expected }) => isLabelled(config, expected)).length;
  return {
    judgeId,
    standing: standingOf(ledgers, judgeId),
    labelledShare: recent.length === 0 ? null : labelled / recent.length,
    patienceMs,
    mde: config.gate.mde,
  };
}

/** Twice what nearly all feedback takes: ground truth comes with feedback. A day while that is not known. */
async function patienceOf({ task, gateState }: TaskView, store: Pick<Store, 'readRewards'>): Promise<number> {
  const after = Math.max(0, (gateState.watch?.cursor ?? 0) - eventsMax);
  const events = await store.readRewards(task.id, after, eventsMax);
  const delays = events.map(({ atMs, decidedAtMs }) => Math.max(0, atMs - decidedAtMs)).slice(-delaysMax);
  if (delays.length < delaysMin) return patienceMsMax;
  const window = observationWindowMs(delays, task.config.gate.attributionWindowMs);
  return Math.min(patienceMsMax, Math.max(patienceMsMin, window));
}
