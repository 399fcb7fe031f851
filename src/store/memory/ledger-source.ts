import { isSameRouting } from '../ledger/same-routing.ts';
import { isLater, pairKey, type LedgerChanges, type LedgerSource } from '../ledger/ledger.ts';
import type { EpisodeRow, FeedbackRow, LedgerTask, TraceReward } from '../ledger/ledger-rows.ts';
import { addDecision } from './decision-index.ts';
import { saveTruth } from './truth-index.ts';
import { addTo, perTaskOf, removeFrom, type DecisionRecord, type Tables } from './tables.ts';
import { reviseTask } from './task-changes.ts';

/** The tables as the ledger reads them. */
export function ledgerSource(tables: Tables): LedgerSource {
  const rowsOf = (ids: Iterable<string> = []): readonly FeedbackRow[] =>
    [...ids].flatMap((id) => tables.feedback.get(id) ?? []);
  return {
    sequence: tables.counters.sequence,
    task: (taskId) => ledgerTask(tables, taskId),
    feedback: (feedbackId) => tables.feedback.get(feedbackId),
    episodes: (scope, episodeId) => tables.episodes.get(pairKey(scope, episodeId)) ?? [],
    feedbackOf: (scope, episodeId) => rowsOf(tables.episodeFeedback.get(pairKey(scope, episodeId))),
    waitingFor: (scope, name) => rowsOf(tables.waitingForName.get(pairKey(scope, name))),
    decision: (decisionId) => tables.decisions.get(decisionId)?.decision,
    decisionNamed: (scope, name) => tables.completions.get(pairKey(scope, name))?.decision,
    newestDecision: (scope, episodeId) =>
      tables.episodeDecisions
        .get(pairKey(scope, episodeId))
        ?.map(({ decision }) => decision)
        .reduce((newest, decision) => (isLater(decision, newest) ? decision : newest)),
  };
}

/** What the ledger needs to know of a task. */
export function ledgerTask(tables: Tables, taskId: string): LedgerTask | undefined {
  const table = tables.tasks.get(taskId);
  const plan = table?.plans.at(-1);
  if (table === undefined || plan === undefined) return undefined;
  const { task, bandit, delaysMs, retired } = table;
  return { taskId, config: task.config, plan, bandit, delaysMs, retired };
}

/** Stores what a unit of work changed. */
export function applyLedger(tables: Tables, changes: LedgerChanges): void {
  tables.counters.sequence = changes.sequence;
  for (const task of changes.tasks) saveTask(tables, task);
  for (const episode of changes.episodes) saveEpisode(tables, episode);
  for (const row of changes.feedback) saveFeedback(tables, row);
  for (const decision of changes.decisions) addDecision(tables, decision);
  for (const { taskId, ...event } of changes.rewardEvents) perTaskOf(tables, taskId).rewardEvents.push(event);
  for (const reward of changes.traceRewards) showReward(tables, reward);
  for (const truth of changes.truths) saveTruth(tables, truth);
}

function saveTask(tables: Tables, { taskId, bandit, delaysMs }: LedgerTask): void {
  const table = tables.tasks.get(taskId);
  if (table === undefined) return;
  if (isSameRouting(table.bandit.routing, bandit.routing))
    tables.tasks.set(taskId, { ...table, bandit, delaysMs });
  else reviseTask(tables, { ...table, bandit, delaysMs });
}

function saveEpisode(tables: Tables, episode: EpisodeRow): void {
  const key = pairKey(episode.scope, episode.episodeId);
  const rows = tables.episodes.get(key) ?? [];
  const before = rows.find(({ taskId }) => taskId === episode.taskId);
  tables.episodes.set(key, [...rows.filter((row) => row !== before), episode]);
  if (before?.startedAtMs !== episode.startedAtMs) tables.episodesByAge.insert(episode);
  const isOpen = episode.draw !== null && !episode.isWindowClosed;
  if (isOpen && before?.draw?.decidedAtMs !== episode.draw.decidedAtMs)
    perTaskOf(tables, episode.taskId).openWindows.insert(episode);
  if (episode.draw !== null && before?.draw?.decidedAtMs !== episode.draw.decidedAtMs)
    perTaskOf(tables, episode.taskId).drawn.insert(episode);
}

function saveFeedback(tables: Tables, row: FeedbackRow): void {
  const { feedbackId } = row;
  const before = tables.feedback.get(feedbackId);
  if (before?.state.kind === 'pending') stopWaiting(tables, before);
  if (before === undefined) tables.feedbackByAge.insert(row);
  if (hasText(row) && (before === undefined || !hasText(before))) tables.textByAge.insert(row);
  tables.feedback.set(feedbackId, row);
  const { state, feedback } = row;
  if (state.kind === 'resolved')
    addTo(tables.episodeFeedback, pairKey(state.scope, state.episodeId), feedbackId);
  if (state.kind !== 'pending') return;
  tables.waitingByAge.insert(row);
  if (feedback.target.kind === 'name')
    addTo(tables.waitingForName, pairKey(feedback.scope, feedback.target.name), feedbackId);
  if (state.taskId !== null) addTo(tables.waitingForTask, state.taskId, feedbackId);
}

function hasText({ feedback: { body } }: FeedbackRow): boolean {
  return body.comment !== null || body.expected !== null;
}

/** Takes a row out of the places where it is looked for while it is pending. */
export function stopWaiting(tables: Tables, { feedbackId, feedback, state }: FeedbackRow): void {
  if (feedback.target.kind === 'name')
    removeFrom(tables.waitingForName, pairKey(feedback.scope, feedback.target.name), feedbackId);
  if (state.kind === 'pending' && state.taskId !== null)
    removeFrom(tables.waitingForTask, state.taskId, feedbackId);
}

function showReward(tables: Tables, { scope, episodeId, taskId, decisionId, reward }: TraceReward): void {
  const records =
    decisionId === null
      ? (tables.episodeDecisions.get(pairKey(scope, episodeId)) ?? []).filter(
          ({ decision, isOwnReward }) => decision.taskId === taskId && !isOwnReward,
        )
      : [tables.decisions.get(decisionId)];
  for (const record of records)
    if (record !== undefined) setReward(tables, record, { reward, isOwnReward: decisionId !== null });
}

function setReward(
  tables: Tables,
  record: DecisionRecord,
  change: { readonly reward: number | null; readonly isOwnReward: boolean },
): void {
  record.reward = change.reward;
  // A metric outside the reward definition gives no reward of its own, so that of the episode stays.
  record.isOwnReward = change.isOwnReward && change.reward !== null;
  if (record.isRewarded || record.decision.content === null || change.reward === null) return;
  record.isRewarded = true;
  perTaskOf(tables, record.decision.taskId).rewarded.insert(record);
}
