import type { FeedbackRecord } from '../feedback-search.ts';
import type { FeedbackRow } from './ledger-rows.ts';

/** A stored feedback as people see it. */
export function feedbackRecord({ feedbackId, feedback, state, counted }: FeedbackRow): FeedbackRecord {
  const { target, body, scope, source, tags, atMs } = feedback;
  const resolved = state.kind === 'resolved' ? state : null;
  return {
    feedbackId,
    scope,
    source,
    target: target.kind === 'name' ? target.name : target.ref.decisionId,
    state: state.kind,
    episodeId: resolved?.episodeId ?? null,
    decisionId: resolved?.decision?.decisionId ?? null,
    taskId: resolved?.decision?.taskId ?? null,
    ...body,
    isCounted: counted !== null,
    tags,
    atMs,
  };
}
