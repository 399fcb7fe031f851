import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleFeedback, sampleTask } from '../samples.case.ts';
import { episodeValues, targetReward } from './episode-values.ts';
import type { FeedbackRow } from './ledger-rows.ts';

const { config } = sampleTask();
const rows: fc.Arbitrary<readonly FeedbackRow[]> = fc
  .array(
    fc.record({
      decision: fc.option(fc.constantFrom('d1', 'd2')),
      taskId: fc.constantFrom('triage', 'reply'),
      counted: fc.option(
        fc.record({
          metric: fc.constantFrom('score', 'resolved', 'latency'),
          value: fc.constantFrom(0, 0.25, 1),
          atMs: fc.nat({ max: 3 }),
        }),
      ),
    }),
  )
  .map((all) =>
    all.map(({ decision, taskId, counted }, index) => ({
      feedbackId: `f${index}`,
      feedback: sampleFeedback('run', { value: 1 }),
      state: {
        kind: 'resolved',
        scope: 'key-1',
        episodeId: 'run',
        decision: decision === null ? null : { decisionId: decision, taskId, atMs: 0, isLearned: true },
      },
      counted,
      firstAtMs: 0,
      arrival: index,
    })),
  );
/** What counts, without the order in which targets and metrics were met. */
const summary = (all: readonly FeedbackRow[]) =>
  new Set(
    episodeValues(all, 'triage').flatMap(({ decision, rows: byMetric }) =>
      [...byMetric].map(([metric, { feedbackId }]) => `${decision?.decisionId} ${metric} ${feedbackId}`),
    ),
  );

describe('episodeValues', () => {
  it('does not depend on the order of the rows', () => {
    fc.assert(
      fc.property(
        rows.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray([...all], { minLength: all.length })),
        ),
        ([all, shuffled]) => {
          expect(summary(shuffled)).toEqual(summary(all));
        },
      ),
    );
  });

  it('takes, of each target and metric, a value that nothing is newer than', () => {
    fc.assert(
      fc.property(rows, (all) => {
        for (const { decision, rows: byMetric } of episodeValues(all, 'triage'))
          for (const [metric, chosen] of byMetric)
            for (const { state, counted, arrival } of all) {
              const isRival =
                state.kind === 'resolved' &&
                state.decision?.decisionId === decision?.decisionId &&
                (state.decision === null || state.decision.taskId === 'triage') &&
                counted?.metric === metric;
              if (!isRival || chosen.counted === null) continue;
              expect(counted.atMs).toBeLessThanOrEqual(chosen.counted.atMs);
              if (counted.atMs === chosen.counted.atMs) expect(arrival).toBeLessThanOrEqual(chosen.arrival);
            }
      }),
    );
  });

  it('gives rewards in [0, 1], and none without a rewarded metric', () => {
    fc.assert(
      fc.property(rows, (all) => {
        for (const target of episodeValues(all, 'triage')) {
          const reward = targetReward(target, config);
          const isRewarded = target.rows.has('score') || target.rows.has('resolved');
          expect(reward !== null).toBe(isRewarded);
          expect(reward ?? 0).toBeGreaterThanOrEqual(0);
          expect(reward ?? 0).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});
