import { expect, test } from 'vitest';
import { parseTaskConfig } from '../configuration/task-config.ts';
import type { TaskSnapshot } from '../store/plan-store.ts';
import { silentLogger } from '../domain/logger.ts';
import { silentTelemetry, type Telemetry } from '../telemetry/telemetry.ts';
import { createPlanReporter, recordRewards } from './report-serving.ts';

/** As much of a snapshot as is reported. */
function snapshot(version: number, probabilities: Record<string, number>): TaskSnapshot {
  return {
    task: { id: 't1', name: 'triage' },
    plan: { version },
    routing: { probabilities, atFeedback: 50 },
  } as unknown as TaskSnapshot;
}

test('an arm that has left is reported as 0, once', () => {
  const reported: unknown[] = [];
  const gauge: Telemetry['gauge'] = (name, value, labels) =>
    void (name === 'ratchet.probability' && reported.push([labels?.['variant'], value]));
  const report = createPlanReporter({ gauge }, silentLogger);
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

test('a move of the probabilities is logged with what it was, what it is, and how far that is', () => {
  const logged: unknown[] = [];
  const report = createPlanReporter(silentTelemetry, {
    debug: (event, fields) => void logged.push([event, fields]),
  });
  report([snapshot(1, { baseline: 1 })]);
  report([snapshot(2, { baseline: 0.9, v1: 0.1 })]);
  report([snapshot(2, { baseline: 0.8, v1: 0.2 })]);
  report([snapshot(2, { baseline: 0.8, v1: 0.2 })]);
  expect(logged).toEqual([
    ['probabilities-moved', expect.objectContaining({ plan: 2, kl: undefined })],
    [
      'probabilities-moved',
      {
        taskId: 't1',
        plan: 2,
        atFeedback: 50,
        before: '{"baseline":0.9,"v1":0.1}',
        after: '{"baseline":0.8,"v1":0.2}',
        kl: 0.8 * Math.log(0.8 / 0.9) + 0.2 * Math.log(2),
      },
    ],
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
