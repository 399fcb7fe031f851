import {
  assertDecision,
  type Attribution,
  type Decision,
  type DecisionContent,
} from '../../domain/decision.ts';
import type { RecordedDecision } from '../ledger/ledger-rows.ts';
import { readRow } from './damage.ts';
import type { DecisionColumns, NewDecisionColumns } from './schema.ts';

type Details = Pick<
  Decision,
  | 'model'
  | 'status'
  | 'usage'
  | 'isUsageEstimated'
  | 'finishReason'
  | 'latencyMs'
  | 'firstByteMs'
  | 'costUsd'
  | 'traceId'
  | 'segment'
>;

/** The columns by which the ledger knows a decision. */
export const recordedColumns = [
  'decision_id',
  'task_id',
  'variant_id',
  'propensity',
  'plan_version',
  'episode_id',
  'at_ms',
  'attribution',
  'scope',
  'input_hash',
  'completion_id',
] as const;

/** What is kept of a decision beside those and its text. */
export const detailColumns = ['baseline_version', 'conversation_key', 'details'] as const;

export type RecordedColumns = Pick<DecisionColumns, (typeof recordedColumns)[number]>;

/** A decision as stored, before anything is known of its quality. */
export function decisionColumns(decision: Decision): NewDecisionColumns {
  const { model, status, usage, isUsageEstimated, finishReason } = decision;
  const { latencyMs, firstByteMs, costUsd, traceId, segment } = decision;
  const details: Details = {
    model,
    status,
    usage,
    isUsageEstimated,
    finishReason,
    latencyMs,
    firstByteMs,
    costUsd,
    traceId,
    segment,
  };
  return {
    decision_id: decision.decisionId,
    task_id: decision.taskId,
    variant_id: decision.variantId,
    propensity: decision.propensity,
    plan_version: decision.planVersion,
    episode_id: decision.episodeId,
    at_ms: decision.atMs,
    attribution: decision.attribution,
    scope: decision.scope,
    baseline_version: decision.baselineVersion,
    completion_id: decision.completionId,
    conversation_key: decision.conversationKey,
    input_hash: decision.inputHash,
    details: JSON.stringify(details),
    content: decision.content === null ? null : JSON.stringify(decision.content),
    reward: null,
    is_own_reward: 0,
    has_expected: 0,
  };
}

/** A decision as the ledger knows it. Throws `store_damaged`. */
export function recordedDecision(columns: RecordedColumns): RecordedDecision {
  return readRow({ table: 'decisions', key: columns.decision_id }, () => {
    const decision = recordedOf(columns);
    assertDecision(decision);
    return decision;
  });
}

function recordedOf(columns: RecordedColumns): RecordedDecision {
  return {
    decisionId: columns.decision_id,
    taskId: columns.task_id,
    variantId: columns.variant_id,
    propensity: columns.propensity,
    planVersion: Number(columns.plan_version),
    episodeId: columns.episode_id,
    atMs: Number(columns.at_ms),
    attribution: attributionOf(columns.attribution),
    scope: columns.scope,
    inputHash: columns.input_hash,
  };
}

/** A whole decision. Throws `store_damaged`. */
export function decisionOf(columns: DecisionColumns): Decision {
  const recorded = recordedDecision(columns);
  return readRow({ table: 'decisions', key: columns.decision_id }, () => {
    const details: Details = JSON.parse(columns.details);
    return {
      ...recorded,
      ...details,
      baselineVersion: Number(columns.baseline_version),
      completionId: columns.completion_id,
      conversationKey: columns.conversation_key,
      content: columns.content === null ? null : contentOf(columns.content),
    };
  });
}

function contentOf(text: string): DecisionContent {
  const content: DecisionContent = JSON.parse(text);
  if (typeof content.request !== 'object' || typeof content.completion !== 'object')
    throw new RangeError('the content of a decision has no request or no answer');
  return content;
}

function attributionOf(text: string): Attribution {
  switch (text) {
    case 'drawn':
    case 'pinned':
    case 'unattributed':
    case 'removed':
      return text;
    default:
      throw new RangeError(`unknown attribution ${text}`);
  }
}
