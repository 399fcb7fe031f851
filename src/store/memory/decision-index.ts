import type { Decision } from '../../domain/decision.ts';
import { isLater, pairKey } from '../ledger/ledger.ts';
import { inputOf, perTaskOf, type DecisionRecord, type PerTask, type Tables } from './tables.ts';
import { showTruth } from './truth-index.ts';

/** Stores a decision in every index. */
export function addDecision(tables: Tables, decision: Decision): void {
  const record: DecisionRecord = {
    decision,
    reward: null,
    isOwnReward: false,
    isRewarded: false,
    isWithTruth: false,
  };
  const { decisionId, scope, completionId, episodeId, taskId, inputHash } = decision;
  tables.decisions.set(decisionId, record);
  tables.decisionsByAge.insert(record);
  if (completionId !== null) tables.completions.set(pairKey(scope, completionId), record);
  const turns = tables.episodeDecisions.get(pairKey(scope, episodeId));
  if (turns === undefined) tables.episodeDecisions.set(pairKey(scope, episodeId), [record]);
  else turns.push(record);
  for (const key of conversationKeys(decision)) {
    const latest = tables.conversations.get(key);
    if (latest === undefined || isLater(decision, latest.decision)) tables.conversations.set(key, record);
  }
  const perTask = perTaskOf(tables, taskId);
  if (decision.content === null) return;
  perTask.traces.insert(record);
  const input = inputOf(perTask, inputHash);
  input.decisions.add(record);
  if (input.truths.size > 0) showTruth(perTask, record);
}

/** Removes up to `limit` decisions from before a moment; returns how many. */
export function dropDecisions(tables: Tables, beforeMs: number, limit: number): number {
  const dropped = tables.decisionsByAge.takeBefore(beforeMs, limit);
  for (const record of dropped) {
    const { decision } = record;
    const { decisionId, scope, completionId, episodeId, taskId, inputHash } = decision;
    tables.decisions.delete(decisionId);
    if (completionId !== null) dropIfSame(tables.completions, pairKey(scope, completionId), record);
    for (const key of conversationKeys(decision)) dropIfSame(tables.conversations, key, record);
    const key = pairKey(scope, episodeId);
    const left = (tables.episodeDecisions.get(key) ?? []).filter((turn) => turn !== record);
    if (left.length === 0) tables.episodeDecisions.delete(key);
    else tables.episodeDecisions.set(key, left);
    const input = perTaskOf(tables, taskId).inputs.get(inputHash);
    input?.decisions.delete(record);
    if (input?.decisions.size === 0 && input.truths.size === 0)
      perTaskOf(tables, taskId).inputs.delete(inputHash);
  }
  for (const taskId of new Set(dropped.map(({ decision }) => decision.taskId))) {
    const { traces, rewarded, withTruth } = perTaskOf(tables, taskId);
    for (const list of [traces, rewarded, withTruth]) dropGone(tables, list);
  }
  return dropped.length;
}

/** Keys of `Tables.conversations` under which a decision is found, with its task and without. */
function conversationKeys({ scope, conversationKey, taskId }: Decision): readonly string[] {
  if (conversationKey === null) return [];
  const key = pairKey(scope, conversationKey);
  return [key, pairKey(key, taskId)];
}

/** Lists are in the same order of time, so what is gone stands at their beginning. */
function dropGone(tables: Tables, list: PerTask['traces']): void {
  for (;;) {
    const [oldest] = list.oldestFirst(-Infinity, Infinity);
    if (oldest === undefined || tables.decisions.has(oldest.decision.decisionId)) return;
    list.takeBefore(Infinity, 1);
  }
}

function dropIfSame(records: Map<string, DecisionRecord>, key: string, record: DecisionRecord): void {
  if (records.get(key) === record) records.delete(key);
}
