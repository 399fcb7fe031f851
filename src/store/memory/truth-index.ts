import type { GroundTruth } from '../ledger/ledger-rows.ts';
import {
  addTo,
  inputOf,
  perTaskOf,
  removeFrom,
  type DecisionRecord,
  type PerTask,
  type Tables,
} from './tables.ts';

/** Stores ground truth under its input, in place of what the same feedback gave before. */
export function saveTruth(tables: Tables, truth: GroundTruth): void {
  const { feedbackId, taskId, inputHash, decisionId } = truth;
  const before = tables.truths.get(feedbackId);
  if (before === undefined) tables.truthsByAge.insert(truth);
  else forget(tables, before);
  tables.truths.set(feedbackId, truth);
  addTo(tables.ownTruths, decisionId, feedbackId);
  const perTask = perTaskOf(tables, taskId);
  const input = inputOf(perTask, inputHash);
  if (input.truths.size === 0) for (const record of input.decisions) showTruth(perTask, record);
  input.truths.set(feedbackId, truth);
  if (input.newestTruth === undefined || isNewer(truth, input.newestTruth)) input.newestTruth = truth;
}

/** Removes ground truth from before a moment. */
export function dropTruths(tables: Tables, beforeMs: number, limit: number): void {
  for (const { feedbackId } of tables.truthsByAge.takeBefore(beforeMs, limit)) {
    const truth = tables.truths.get(feedbackId);
    if (truth !== undefined) forgetTruth(tables, truth);
  }
}

/** Removes one ground truth. */
export function forgetTruth(tables: Tables, truth: GroundTruth): void {
  tables.truths.delete(truth.feedbackId);
  forget(tables, truth);
}

/** The ground truth of a decision: the newest of its own, else the newest of its input. */
export function truthOf(
  tables: Tables,
  { decision: { decisionId, taskId, inputHash } }: DecisionRecord,
): string | null {
  const own = [...(tables.ownTruths.get(decisionId) ?? [])].flatMap((id) => tables.truths.get(id) ?? []);
  const newest = newestOf(own) ?? tables.perTask.get(taskId)?.inputs.get(inputHash)?.newestTruth;
  return newest?.expected ?? null;
}

/** Lists a decision among those with ground truth. */
export function showTruth({ withTruth }: PerTask, record: DecisionRecord): void {
  if (record.isWithTruth) return;
  record.isWithTruth = true;
  withTruth.insert(record);
}

function newestOf(truths: Iterable<GroundTruth>): GroundTruth | undefined {
  let newest: GroundTruth | undefined;
  for (const truth of truths) if (newest === undefined || isNewer(truth, newest)) newest = truth;
  return newest;
}

function isNewer(truth: GroundTruth, other: GroundTruth): boolean {
  return truth.atMs === other.atMs ? truth.feedbackId > other.feedbackId : truth.atMs > other.atMs;
}

function forget(tables: Tables, truth: GroundTruth): void {
  const { feedbackId, taskId, inputHash, decisionId } = truth;
  removeFrom(tables.ownTruths, decisionId, feedbackId);
  const perTask = perTaskOf(tables, taskId);
  const input = inputOf(perTask, inputHash);
  input.truths.delete(feedbackId);
  if (input.newestTruth?.feedbackId === feedbackId) input.newestTruth = newestOf(input.truths.values());
  if (input.truths.size === 0 && input.decisions.size === 0) perTask.inputs.delete(inputHash);
}
