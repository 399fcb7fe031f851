import { addDelay } from '../../domain/observation-window.ts';
import { episodeReward } from '../../domain/reward.ts';
import type { BanditFold, FoldSettings } from '../bandit-fold.ts';
import { episodeValues, targetReward, type TargetValues } from './episode-values.ts';
import type { Draw, EpisodeRow, LedgerTask } from './ledger-rows.ts';
import type { Ledger } from './ledger.ts';

/** What the ledger is given from outside. */
export interface LedgerRules {
  readonly fold: BanditFold;
  readonly nowMs: number;
}

/**
 * Brings the bandit in line with all that is known of an episode: its reward is the mean over its targets (drawn
 * decisions and the episode itself) that have one. The first reward is an observation, a different later one a
 * correction with the credit of the first, an equal one nothing. Episodes that were not drawn, whose variant was
 * retired, or whose task is unknown leave the bandit as it is.
 *
 * Returns the values that count for the bandit; empty where none does.
 */
export function settleEpisode(
  ledger: Ledger,
  episode: EpisodeRow,
  rules: LedgerRules,
): readonly TargetValues[] {
  const task = ledger.task(episode.taskId);
  if (task === undefined) return [];
  const targets = episodeValues(ledger.feedbackOf(episode.scope, episode.episodeId), episode.taskId);
  showRewards(ledger, episode, targets, task);

  const { draw } = episode;
  if (draw === null || episode.isDamaged === true || isRetired(task, draw)) return [];
  const learned = targets.filter(
    (target) =>
      (target.decision === null || target.decision.isLearned) && targetReward(target, task.config) !== null,
  );
  const reward = episodeReward(learned.map((target) => targetReward(target, task.config)));
  if (reward === null) return [];
  const settled = { ...episode, answeredAtMs: firstAnswerMs(ledger, episode, task) };
  if (settled.observed === null)
    return observe(ledger, settled, { draw, reward, task, rules }) ? learned : [];
  if (settled.answeredAtMs !== episode.answeredAtMs) ledger.saveEpisode(settled);
  return correct(ledger, settled, { draw, reward, task, rules }) ? learned : [];
}

/** Whether episodes that drew a variant under this plan no longer count. */
export function isRetired({ retired }: LedgerTask, { variantId, planVersion }: Draw): boolean {
  const since = Object.hasOwn(retired, variantId) ? retired[variantId] : undefined;
  return since !== undefined && planVersion < since;
}

/** What the fold asks for. */
export function foldSettings(task: Pick<LedgerTask, 'plan' | 'config'>, nowMs: number): FoldSettings {
  return { plan: task.plan, bandit: task.config.bandit, budget: task.config.budget, nowMs };
}

interface Settlement {
  readonly draw: Draw;
  readonly reward: number;
  readonly task: LedgerTask;
  readonly rules: LedgerRules;
}

function observe(ledger: Ledger, episode: EpisodeRow, settlement: Settlement): boolean {
  const { draw, reward, task, rules } = settlement;
  const { variantId, propensity, planVersion, decidedAtMs } = draw;
  const folded = rules.fold.observe(
    task.bandit,
    { variantId, propensity, reward },
    foldSettings(task, rules.nowMs),
  );
  if (folded.credit === null) return false;
  const atMs = episode.answeredAtMs ?? rules.nowMs;
  ledger.saveTask({
    ...task,
    bandit: folded.state,
    delaysMs: addDelay(task.delaysMs, atMs - decidedAtMs),
  });
  ledger.saveEpisode({ ...episode, observed: { reward, credit: folded.credit } });
  const { episodeId, taskId } = episode;
  const sequence = ledger.nextSequence();
  ledger.addRewardEvent({
    sequence,
    taskId,
    episodeId,
    variantId,
    propensity,
    planVersion,
    reward,
    atMs,
    decidedAtMs,
  });
  return true;
}

function correct(ledger: Ledger, episode: EpisodeRow, settlement: Settlement): boolean {
  const { draw, reward, task, rules } = settlement;
  if (episode.observed === null || episode.observed.reward === reward) return true;
  const { variantId, propensity } = draw;
  const { credit } = episode.observed;
  const folded = rules.fold.correct(task.bandit, { variantId, propensity, reward, credit });
  if (folded.credit === null) return false;
  ledger.saveTask({ ...task, bandit: folded.state });
  ledger.saveEpisode({ ...episode, observed: { reward, credit: folded.credit } });
  return true;
}

/** The first value that came for what is learned from, also if another one has replaced it since. */
function firstAnswerMs(ledger: Ledger, episode: EpisodeRow, { config, taskId }: LedgerTask): number {
  const times = ledger
    .feedbackOf(episode.scope, episode.episodeId)
    .flatMap(({ counted, state, firstAtMs }) =>
      counted !== null &&
      Object.hasOwn(config.reward, counted.metric) &&
      state.kind === 'resolved' &&
      (state.decision === null || (state.decision.isLearned && state.decision.taskId === taskId))
        ? [firstAtMs]
        : [],
    );
  return Math.min(...times, episode.answeredAtMs ?? Infinity);
}

/** Traces show the rewards of every decision, also of those that are not learned from. */
function showRewards(
  ledger: Ledger,
  { scope, episodeId, taskId }: EpisodeRow,
  targets: readonly TargetValues[],
  { config }: LedgerTask,
): void {
  for (const target of targets) {
    const decisionId = target.decision?.decisionId ?? null;
    ledger.setTraceReward({ scope, episodeId, taskId, decisionId, reward: targetReward(target, config) });
  }
}
