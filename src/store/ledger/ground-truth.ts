import type { Ledger } from './ledger.ts';

/**
 * Ties ground truth to the inputs it is about: that of a decision to the decision's input, that of an episode to the
 * input of the newest decision that is recorded of it (so it moves when a later one is). Without a recorded decision
 * the input is unknown, and the feedback is looked at again when one comes.
 */
export function placeTruths(ledger: Ledger, scope: string, episodeId: string): void {
  for (const { feedbackId, feedback, state } of ledger.feedbackOf(scope, episodeId)) {
    const { expected } = feedback.body;
    if (expected === null || state.kind !== 'resolved') continue;
    const decision =
      state.decision === null
        ? ledger.newestDecision(scope, episodeId)
        : ledger.decision(state.decision.decisionId);
    if (decision === undefined) continue;
    const { taskId, inputHash, decisionId } = decision;
    ledger.saveTruth({ feedbackId, taskId, inputHash, decisionId, expected, atMs: feedback.atMs });
  }
}
