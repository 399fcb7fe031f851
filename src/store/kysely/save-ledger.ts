import type { RewardEvent } from '../feedback-store.ts';
import type { EpisodeRow, FeedbackRow, LedgerTask, TraceReward } from '../ledger/ledger-rows.ts';
import type { LedgerChanges, LedgerSource } from '../ledger/ledger.ts';
import { isSameRouting } from '../ledger/same-routing.ts';
import { inRows, type Write } from './context.ts';
import { nextRevision } from './counters.ts';
import { episodeColumns } from './episode-columns.ts';
import { feedbackColumns } from './feedback-columns.ts';
import { saveDecisions } from './save-decisions.ts';
import { saveTruths } from './save-truths.ts';

/** Stores what a unit of work changed. `source` is what it was loaded from, under the same lock. */
export async function saveLedger(write: Write, source: LedgerSource, changes: LedgerChanges): Promise<void> {
  if (changes.sequence !== source.sequence)
    await write
      .updateTable('counters')
      .set({ value: changes.sequence })
      .where('name', '=', 'sequence')
      .execute();
  for (const task of changes.tasks) await saveTask(write, source, task);
  const { true: damaged = [], false: sound = [] } = Object.groupBy(changes.episodes, ({ isDamaged }) =>
    isDamaged === true ? 'true' : 'false',
  );
  for (const rows of inRows(sound)) await saveEpisodes(write, rows);
  for (const episode of damaged) await closeDamaged(write, episode);
  for (const rows of inRows(changes.feedback)) await saveFeedback(write, rows);
  for (const events of inRows(changes.rewardEvents)) await addRewardEvents(write, events);
  await saveDecisions(write, changes.decisions);
  for (const reward of changes.traceRewards) await showReward(write, reward);
  await saveTruths(write, changes.truths);
}

async function saveTask(write: Write, source: LedgerSource, task: LedgerTask): Promise<void> {
  const { taskId, bandit, delaysMs } = task;
  await write
    .updateTable('bandits')
    .set({ state: JSON.stringify(bandit), delays_ms: JSON.stringify(delaysMs) })
    .where('task_id', '=', taskId)
    .execute();
  const before = source.task(taskId)?.bandit.routing;
  if (before === undefined || !isSameRouting(before, bandit.routing)) await reviseTask(write, taskId);
}

/** Gives a task a new revision, so that every snapshot reader reads it again. */
export async function reviseTask(write: Write, taskId: string): Promise<void> {
  const revision = await nextRevision(write);
  await write.updateTable('tasks').set({ revision }).where('id', '=', taskId).execute();
}

async function saveEpisodes(write: Write, episodes: readonly EpisodeRow[]): Promise<void> {
  await write
    .insertInto('episodes')
    .values(episodes.map(episodeColumns))
    .onConflict((conflict) =>
      conflict.columns(['episode_id', 'scope', 'task_id']).doUpdateSet((eb) => ({
        started_at_ms: eb.ref('excluded.started_at_ms'),
        variant_id: eb.ref('excluded.variant_id'),
        propensity: eb.ref('excluded.propensity'),
        plan_version: eb.ref('excluded.plan_version'),
        decided_at_ms: eb.ref('excluded.decided_at_ms'),
        reward: eb.ref('excluded.reward'),
        credit: eb.ref('excluded.credit'),
        answered_at_ms: eb.ref('excluded.answered_at_ms'),
        is_window_closed: eb.ref('excluded.is_window_closed'),
      })),
    )
    .execute();
}

/** Its other columns stay as they are, so that it may be mended. */
async function closeDamaged(
  write: Write,
  { scope, episodeId, taskId, isWindowClosed }: EpisodeRow,
): Promise<void> {
  await write
    .updateTable('episodes')
    .set({ is_window_closed: isWindowClosed ? 1 : 0 })
    .where('episode_id', '=', episodeId)
    .where('scope', '=', scope)
    .where('task_id', '=', taskId)
    .execute();
}

async function saveFeedback(write: Write, rows: readonly FeedbackRow[]): Promise<void> {
  await write
    .insertInto('feedback')
    .values(rows.map(feedbackColumns))
    .onConflict((conflict) =>
      conflict.column('feedback_id').doUpdateSet((eb) => ({
        source: eb.ref('excluded.source'),
        tags: eb.ref('excluded.tags'),
        target_name: eb.ref('excluded.target_name'),
        target_ref: eb.ref('excluded.target_ref'),
        metric: eb.ref('excluded.metric'),
        value: eb.ref('excluded.value'),
        comment: eb.ref('excluded.comment'),
        expected: eb.ref('excluded.expected'),
        at_ms: eb.ref('excluded.at_ms'),
        first_at_ms: eb.ref('excluded.first_at_ms'),
        arrival: eb.ref('excluded.arrival'),
        state: eb.ref('excluded.state'),
        waiting_task_id: eb.ref('excluded.waiting_task_id'),
        episode_scope: eb.ref('excluded.episode_scope'),
        episode_id: eb.ref('excluded.episode_id'),
        decision_id: eb.ref('excluded.decision_id'),
        decision_task_id: eb.ref('excluded.decision_task_id'),
        decided_at_ms: eb.ref('excluded.decided_at_ms'),
        is_learned: eb.ref('excluded.is_learned'),
        counted_metric: eb.ref('excluded.counted_metric'),
        counted_value: eb.ref('excluded.counted_value'),
        counted_at_ms: eb.ref('excluded.counted_at_ms'),
      })),
    )
    .execute();
}

async function addRewardEvents(
  write: Write,
  events: readonly (RewardEvent & { readonly taskId: string })[],
): Promise<void> {
  const rows = events.map((event) => ({
    sequence: event.sequence,
    task_id: event.taskId,
    episode_id: event.episodeId,
    variant_id: event.variantId,
    propensity: event.propensity,
    plan_version: event.planVersion,
    reward: event.reward,
    at_ms: event.atMs,
    decided_at_ms: event.decidedAtMs,
  }));
  await write.insertInto('reward_events').values(rows).execute();
}

async function showReward(
  write: Write,
  { scope, episodeId, taskId, decisionId, reward }: TraceReward,
): Promise<void> {
  if (decisionId === null)
    await write
      .updateTable('decisions')
      .set({ reward })
      .where('episode_id', '=', episodeId)
      .where('scope', '=', scope)
      .where('task_id', '=', taskId)
      .where('is_own_reward', '=', 0)
      .execute();
  // A metric outside the reward definition gives no reward of its own, so that of the episode may show.
  else
    await write
      .updateTable('decisions')
      .set({ reward, is_own_reward: reward === null ? 0 : 1 })
      .where('decision_id', '=', decisionId)
      .execute();
}
