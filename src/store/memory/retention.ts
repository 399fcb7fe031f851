import { deletedPerSweepMax } from '../ledger/limits.ts';
import { pairKey } from '../ledger/ledger.ts';
import { stopWaiting } from './ledger-source.ts';
import { removeFrom, shadowRunKey, type Tables } from './tables.ts';

/** Ends the waiting of feedback that was given before a moment. */
export function expireFeedback(tables: Tables, beforeMs: number): number {
  let expired = 0;
  for (const entry of tables.waitingByAge.takeBefore(beforeMs, deletedPerSweepMax)) {
    const row = tables.feedback.get(entry.feedbackId);
    if (row?.state.kind !== 'pending') continue;
    if (row.feedback.atMs >= beforeMs) {
      tables.waitingByAge.insert(row);
      continue;
    }
    stopWaiting(tables, row);
    tables.feedback.set(row.feedbackId, { ...row, state: { kind: 'expired' } });
    expired += 1;
  }
  return expired;
}

/** Drops feedback, episodes and reward events from before a moment. */
export function dropEvidence(tables: Tables, beforeMs: number): void {
  for (const { feedbackId } of tables.feedbackByAge.takeBefore(beforeMs, deletedPerSweepMax)) {
    const row = tables.feedback.get(feedbackId);
    if (row === undefined) continue;
    if (row.feedback.atMs >= beforeMs) {
      tables.feedbackByAge.insert(row);
      continue;
    }
    stopWaiting(tables, row);
    tables.feedback.delete(feedbackId);
    if (row.state.kind === 'resolved')
      removeFrom(tables.episodeFeedback, pairKey(row.state.scope, row.state.episodeId), feedbackId);
  }
  for (const entry of tables.episodesByAge.takeBefore(beforeMs, deletedPerSweepMax)) {
    const { scope, episodeId, taskId } = entry;
    const key = pairKey(scope, episodeId);
    // What has counted of an episode with younger feedback would count again with what comes next.
    const feedbackIds = [...(tables.episodeFeedback.get(key) ?? [])];
    if (feedbackIds.some((id) => (tables.feedback.get(id)?.feedback.atMs ?? 0) >= beforeMs)) {
      tables.episodesByAge.insert(entry);
      continue;
    }
    const left = (tables.episodes.get(key) ?? []).filter(
      (row) => row.taskId !== taskId || row.startedAtMs >= beforeMs,
    );
    if (left.length === 0) tables.episodes.delete(key);
    else tables.episodes.set(key, left);
  }
  for (const perTask of tables.perTask.values()) {
    for (const entry of perTask.drawn.takeBefore(beforeMs, deletedPerSweepMax))
      if (
        tables.episodes
          .get(pairKey(entry.scope, entry.episodeId))
          ?.some((row) => row.taskId === entry.taskId) === true
      )
        perTask.drawn.insert(entry);
    const kept = perTask.rewardEvents.findIndex(({ atMs }) => atMs >= beforeMs);
    if (kept > 0) perTask.rewardEvents = perTask.rewardEvents.slice(kept);
    if (kept === -1 && perTask.rewardEvents.length > 0) perTask.rewardEvents = [];
  }
}

/** Drops changes from before a moment. */
export function dropChanges(tables: Tables, beforeMs: number): void {
  tables.changes = tables.changes.filter(({ atMs }) => atMs >= beforeMs);
}

/** Drops shadow runs from before a moment. */
export function dropShadowRuns(tables: Tables, beforeMs: number): void {
  for (const run of tables.shadowRunsByAge.takeBefore(beforeMs, deletedPerSweepMax))
    tables.shadowRuns.delete(shadowRunKey(run));
}

/** Takes the text out of feedback whose value may still be corrected but whose content is past retention. */
export function forgetText(tables: Tables, beforeMs: number): void {
  for (const { feedbackId } of tables.textByAge.takeBefore(beforeMs, deletedPerSweepMax)) {
    const row = tables.feedback.get(feedbackId);
    if (row === undefined) continue;
    if (row.feedback.atMs >= beforeMs) {
      tables.textByAge.insert(row);
      continue;
    }
    const body = { ...row.feedback.body, comment: null, expected: null };
    tables.feedback.set(feedbackId, { ...row, feedback: { ...row.feedback, body } });
  }
}
