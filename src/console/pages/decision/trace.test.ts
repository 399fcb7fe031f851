import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sampleDecision, sampleShadowRun, startMs } from '../../../store/samples.case.ts';
import type { DecisionDetail } from '../../api/decision.schema.ts';
import { runKind } from './run-kind.ts';
import { laterEnd, laterPlace, laterTicks, traceOf } from './trace.ts';

const detail = (change: Partial<DecisionDetail>): DecisionDetail => ({
  ...sampleDecision('d1'),
  reward: null,
  isOwnReward: false,
  hasText: true,
  feedback: [],
  shadowRuns: [],
  ...change,
});

describe('traceOf', () => {
  test('tells waiting and streaming apart, which fill the time that the client waited', () => {
    expect(traceOf(detail({ latencyMs: 250, firstByteMs: 80 })).request).toEqual([
      { name: 'choice', startMs: 0, endMs: 0 },
      { name: 'waiting', startMs: 0, endMs: 80 },
      { name: 'answer', startMs: 80, endMs: 250 },
    ]);
  });

  test('has no answer where none came, and no stream where no first byte was noted', () => {
    const names = (change: Partial<DecisionDetail>): readonly string[] =>
      traceOf(detail(change)).request.map(({ name }) => name);
    expect(names({ status: 0 })).toEqual(['choice', 'no-answer']);
    expect(names({ firstByteMs: null })).toEqual(['choice', 'waiting']);
  });

  test('tells what came later in order, and how many it leaves out', () => {
    const shadowRuns = Array.from({ length: 30 }, (_, index) =>
      sampleShadowRun('d1', { atMs: startMs + 1000 * (30 - index) }),
    );
    const { later, laterOmitted } = traceOf(detail({ shadowRuns }));
    expect([later.length, laterOmitted]).toEqual([24, 6]);
    expect(later[0]).toMatchObject({ kind: 'shadow', atMs: 1000, subject: 'candidate' });
  });
});

describe('the axis of what came later', () => {
  test('keeps the order of moments, within 0 and 1', () => {
    const moment = fc.double({ min: -1000, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(moment, moment, (one, other) => {
        const end = laterEnd(
          [one, other].map((atMs) => ({ kind: 'shadow', atMs, subject: null, value: null }) as const),
        );
        const [first, second] = [Math.min(one, other), Math.max(one, other)].map((at) => laterPlace(at, end));
        expect(first).toBeGreaterThanOrEqual(0);
        expect(second).toBeLessThanOrEqual(1);
        expect(first).toBeLessThanOrEqual(second ?? 0);
        expect(laterTicks(end).length).toBeLessThanOrEqual(5);
      }),
    );
  });
});

test('stored answers are told by whose they are', () => {
  expect(runKind('judge:q:baseline:v2')).toEqual({ kind: 'judge', firstId: 'baseline', secondId: 'v2' });
  expect(runKind('pinned:1700:3')).toEqual({ kind: 'pinned', round: '3' });
  expect(runKind('3VbYrhtP6rirCu32')).toEqual({ kind: 'variant', variantId: '3VbYrhtP6rirCu32' });
});
