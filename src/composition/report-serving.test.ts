import { expect, test } from 'vitest';
import { parseTaskConfig } from '../configuration/task-config.ts';
import type { TaskSnapshot } from '../store/plan-store.ts';
import { silentTelemetry } from '../telemetry/telemetry.ts';
import { createPlanReporter, recordRewards } from './report-serving.ts';

/** As much of a snapshot as is reported. */
function snapshot(version: number, probabilities: Record<string, number>): TaskSnapshot {
  return {
    task: { id: 't1', name: 'triage' },
    plan: { version },
    routing: { probabilities },
  } as unknown as TaskSnapshot;
}

test('an arm that has left is reported as 0, once', () => {
  const reported: unknown[] = [];
  const report = createPlanReporter({
    gauge: (name, value, labels) =>
      void (name === 'ratchet.probability' && reported.push([labels?.['variant'], value])),
  });
  report([snapshot(1, { baseline: 1 })]);
  report([snapshot(2, { baseline: 0.9, v1: 0.1 })]);
  report([snapshot(3, { baseline: 1 })]);
  report([snapshot(4, { baseline: 1 })]);
  expect(reported).toEqual([
    ['baseline', 1],
    ['baseline', 0.9],
    ['v1', 0.1],
    ['baseline', 1],
    ['v1', 0],
    ['baseline', 1],
  ]);
});

test('values become rewards by the configuration of their task; what is no reward is only passed on', () => {
  const recorded: unknown[] = [];
  const passed: unknown[] = [];
  const config = parseTaskConfig({
    reward: { csat: 1 },
    metrics: { csat: { type: 'number', range: [1, 5] } },
  });
  const telemetry = recordRewards(
    {
      ...silentTelemetry,
      evaluation: ({ metric }) => void passed.push(metric),
      record: (name, value, labels) => void recorded.push([name, value, labels]),
    },
    () => config,
  );
  const evaluation = { comment: null, responseId: null, decisionId: null, traceId: null };
  telemetry.evaluation({ ...evaluation, metric: 'csat', value: 4, taskName: 'triage' });
  telemetry.evaluation({ ...evaluation, metric: 'score', value: 1, taskName: 'triage' });
  telemetry.evaluation({ ...evaluation, metric: 'csat', value: 4, taskName: null });
  telemetry.evaluation({ ...evaluation, metric: 'csat', value: null, taskName: 'triage' });
  expect(recorded).toEqual([['ratchet.reward', 0.75, { task: 'triage' }]]);
  expect(passed).toEqual(['csat', 'score', 'csat', 'csat']);
});
