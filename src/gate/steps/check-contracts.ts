import { contractComment, contractMetric, contractSource } from '../../domain/contract.ts';
import type { Feedback } from '../../domain/feedback.ts';
import type { Trace } from '../../domain/trace.ts';
import { checkContract, type ContractCheck } from '../contract-check.ts';
import type { Step } from './step.ts';

/** Recorded answers that one cycle looks at, for one task. */
const answersMax = 100;

/** How long an answer may take to be recorded after its request, milliseconds: younger requests are left for later. */
const settleMs = 120_000;

/** How far back a gate that has just started looks, and how long it leaves a task alone that declares nothing, milliseconds. */
const lookBackMs = 86_400_000;
const idleMs = 3_600_000;

/**
 * Holds recorded answers against their contracts, off the user's path, and tells of those that broke them as feedback:
 * metric `contract`, value 0, and a comment that says what was wrong. Where the metric is part of the reward, kept
 * contracts are told too, since a reward of failures alone would be none. Its key is that of the decision, so each
 * answer counts once, whoever looks at it however often.
 */
export const checkContracts: Step = async ({ task }, { deps, contracts }) => {
  const { contract, reward } = task.config;
  const nowMs = deps.clock.now();
  const cursor = contracts.get(task.id) ?? { afterMs: nowMs - lookBackMs, idleUntilMs: 0 };
  if (contract === 'off' || cursor.idleUntilMs > nowMs) return null;
  const untilMs = nowMs - settleMs;
  const traces = await deps.store.readTraces({
    taskId: task.id,
    afterMs: cursor.afterMs,
    untilMs,
    order: 'oldest',
    limit: answersMax,
  });
  const last = traces.at(-1);
  if (last === undefined) return null;
  const checks = traces.map((trace) => ({ trace, check: checkContract(trace, contract) }));
  const isDeclared = checks.some(({ check }) => check.kind !== 'none');
  const told = checks.flatMap(({ trace, check }) =>
    check.kind === 'broken' || (check.kind === 'kept' && reward[contractMetric] !== undefined)
      ? [feedbackOf(trace, check, nowMs)]
      : [],
  );
  const receipts = told.length === 0 ? [] : await deps.store.recordFeedback(told);
  const broken = told.filter(
    ({ body }, index) => body.value === 0 && receipts[index]?.outcome !== 'duplicate',
  ).length;
  if (broken > 0) deps.telemetry.count('ratchet.contract.broken', broken, { task: task.name });
  const isFull = traces.length === answersMax && traces[0]?.decision.atMs !== last.decision.atMs;
  contracts.set(task.id, {
    // Others may have been decided in the same millisecond; what is told twice counts once.
    afterMs: isDeclared ? last.decision.atMs - (isFull ? 1 : 0) : untilMs,
    idleUntilMs: isDeclared ? 0 : nowMs + idleMs,
  });
  return null;
};

function feedbackOf({ decision }: Trace, check: ContractCheck, atMs: number): Feedback {
  const { decisionId, scope } = decision;
  const comment = check.kind === 'broken' ? contractComment(check.violations) : null;
  return {
    target: { kind: 'decision', ref: decision },
    body: { metric: contractMetric, value: check.kind === 'broken' ? 0 : 1, comment, expected: null },
    key: `${contractMetric} ${decisionId}`,
    source: contractSource,
    scope,
    tags: {},
    atMs,
  };
}
