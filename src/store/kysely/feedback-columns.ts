import { assertDecision, type DecisionRef } from '../../domain/decision.ts';
import type { Feedback, FeedbackTarget } from '../../domain/feedback.ts';
import type { CountedValue, FeedbackRow, FeedbackState } from '../ledger/ledger-rows.ts';
import type { FeedbackColumns, NewFeedbackColumns } from './schema.ts';

/** A feedback as stored. */
export function feedbackColumns(row: FeedbackRow): NewFeedbackColumns {
  const { feedbackId, feedback, state, counted, arrival } = row;
  const { target, body } = feedback;
  const resolved = state.kind === 'resolved' ? state : null;
  const decision = resolved?.decision ?? null;
  return {
    feedback_id: feedbackId,
    scope: feedback.scope,
    key: feedback.key,
    source: feedback.source,
    tags: JSON.stringify(feedback.tags),
    target_name: target.kind === 'name' ? target.name : target.ref.decisionId,
    target_ref: target.kind === 'name' ? null : JSON.stringify(target.ref),
    metric: body.metric,
    value: body.value,
    comment: body.comment,
    expected: body.expected,
    at_ms: feedback.atMs,
    first_at_ms: row.firstAtMs,
    arrival,
    state: state.kind,
    waiting_task_id: state.kind === 'pending' ? state.taskId : null,
    episode_scope: resolved?.scope ?? null,
    episode_id: resolved?.episodeId ?? null,
    decision_id: decision?.decisionId ?? null,
    decision_task_id: decision?.taskId ?? null,
    decided_at_ms: decision?.atMs ?? null,
    is_learned: decision?.isLearned === true ? 1 : 0,
    counted_metric: counted?.metric ?? null,
    counted_value: counted?.value ?? null,
    counted_at_ms: counted?.atMs ?? null,
  };
}

/** A feedback as the ledger knows it. */
export function feedbackRow(columns: FeedbackColumns): FeedbackRow {
  return {
    feedbackId: columns.feedback_id,
    feedback: feedbackOf(columns),
    state: stateOf(columns),
    counted: countedOf(columns),
    firstAtMs: Number(columns.first_at_ms),
    arrival: Number(columns.arrival),
  };
}

function feedbackOf(columns: FeedbackColumns): Feedback {
  const { metric, value, comment, expected } = columns;
  return {
    target: targetOf(columns),
    body: { metric, value, comment, expected },
    key: columns.key,
    source: columns.source,
    scope: columns.scope,
    tags: tagsOf(columns.tags),
    atMs: Number(columns.at_ms),
  };
}

/** What cannot be read is as if it had not been given: nothing is counted by tags. */
function tagsOf(text: string): Feedback['tags'] {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

/** A reference that cannot be read leaves the decision's id, by which what is recorded of it may be found. */
function targetOf({ target_name: name, target_ref: text }: FeedbackColumns): FeedbackTarget {
  if (text === null) return { kind: 'name', name };
  try {
    const ref: DecisionRef = JSON.parse(text);
    assertDecision(ref);
    return { kind: 'decision', ref };
  } catch {
    return { kind: 'name', name };
  }
}

function stateOf(columns: FeedbackColumns): FeedbackState {
  const { episode_scope: scope, episode_id: episodeId, decision_id: decisionId } = columns;
  if (columns.state === 'pending') return { kind: 'pending', taskId: columns.waiting_task_id };
  if (scope === null || episodeId === null) return { kind: 'expired' };
  const { decision_task_id: taskId, decided_at_ms: atMs, is_learned: isLearned } = columns;
  const isAboutDecision = decisionId !== null && taskId !== null && atMs !== null;
  const decision = isAboutDecision
    ? { decisionId, taskId, atMs: Number(atMs), isLearned: isLearned === 1 }
    : null;
  return { kind: 'resolved', scope, episodeId, decision };
}

function countedOf(columns: FeedbackColumns): CountedValue | null {
  const { counted_metric: metric, counted_value: value, counted_at_ms: atMs } = columns;
  if (metric === null || value === null || atMs === null) return null;
  return { metric, value, atMs: Number(atMs) };
}
