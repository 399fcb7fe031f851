import type { Decision } from '../../domain/decision.ts';
import { placeFeedback } from './count-feedback.ts';
import { placeTruths } from './ground-truth.ts';
import type { EpisodeRow, FeedbackRow } from './ledger-rows.ts';
import { pairKey, type Ledger } from './ledger.ts';
import { countedValue, ensureEpisode, resolveTarget } from './resolve-feedback.ts';
import { settleEpisode, type LedgerRules } from './settle-episode.ts';

/** Adds decisions, skips those that are known, and counts the feedback that waited for them. */
export function adoptDecisions(ledger: Ledger, decisions: readonly Decision[], rules: LedgerRules): void {
  const touched = new Map<string, Pick<Decision, 'scope' | 'episodeId'>>();
  for (const decision of decisions) {
    if (ledger.decision(decision.decisionId) !== undefined) continue;
    const { scope, episodeId } = decision;
    ledger.addDecision(decision);
    ensureEpisode(ledger, decision);
    touched.set(pairKey(scope, episodeId), { scope, episodeId });
  }
  for (const { scope, completionId, episodeId } of ledger.changes().decisions)
    for (const name of new Set([completionId, episodeId]))
      if (name !== null) placeWaiting(ledger, ledger.waitingFor(scope, name), rules);
  for (const { scope, episodeId } of touched.values()) {
    if (ledger.feedbackOf(scope, episodeId).length === 0) continue;
    placeTruths(ledger, scope, episodeId);
    for (const episode of ledger.episodes(scope, episodeId)) settleEpisode(ledger, episode, rules);
  }
}

/** A task became known: counts the feedback that waited for it or its episodes, and what these had before. */
export function adoptTask(
  ledger: Ledger,
  waiting: readonly FeedbackRow[],
  episodes: readonly EpisodeRow[],
  rules: LedgerRules,
): void {
  placeWaiting(ledger, waiting, rules);
  for (const { scope, episodeId } of episodes)
    placeWaiting(ledger, ledger.waitingFor(scope, episodeId), rules);
  for (const { scope, episodeId, taskId } of episodes)
    for (const episode of ledger.episodes(scope, episodeId))
      if (episode.taskId === taskId) settleEpisode(ledger, episode, rules);
}

function placeWaiting(ledger: Ledger, rows: readonly FeedbackRow[], rules: LedgerRules): void {
  // The order in which they came is the order in which they would have counted.
  for (const known of rows.toSorted((one, other) => one.arrival - other.arrival)) {
    const state = resolveTarget(ledger, known.feedback);
    const counted = countedValue(ledger, known.feedback, state, known.counted);
    placeFeedback(ledger, { ...known, state, counted }, known, rules);
  }
}
