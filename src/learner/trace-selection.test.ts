import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Trace } from '../domain/trace.ts';
import { createSeededRandom } from '../runtime/seeded-random.ts';
import { traceOf } from './fixtures.case.ts';
import { meanRewardOf, selectAtRandom, selectFailures, showableTraces } from './trace-selection.ts';

const manyTraces: fc.Arbitrary<readonly Trace[]> = fc
  .array(
    fc.record({
      input: fc.constantFrom('a b', 'b c', 'c d', 'd e', 'e f', 'f g'),
      reward: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null }),
      comments: fc.constantFrom([], ['too long']),
      expected: fc.constantFrom(null, 'billing'),
    }),
    { maxLength: 30 },
  )
  .map((rows) => rows.map((row, index) => traceOf({ ...row, id: `d${index}` })));

/** How often each trace is drawn as the only one. */
function drawCounts(traces: readonly Trace[], draws = 4_000): Readonly<Record<string, number>> {
  const random = createSeededRandom(7);
  const counts: Record<string, number> = {};
  for (let draw = 0; draw < draws; draw += 1) {
    const id = selectFailures(traces, 1, random)[0]?.decision.decisionId ?? 'none';
    counts[id] = (counts[id] ?? 0) + 1;
  }
  return counts;
}

describe('the failures shown', () => {
  it('are failures, each input once, no more than asked for, and as many as there are', () => {
    fc.assert(
      fc.property(manyTraces, fc.integer({ min: 1, max: 6 }), fc.integer(), (traces, count, seed) => {
        const rewards = traces.flatMap(({ reward }) => reward ?? []);
        const mean = rewards.reduce((sum, reward) => sum + reward, 0) / Math.max(1, rewards.length);
        const isFailure = ({ reward }: Trace): boolean =>
          reward !== null && reward < 1 && (reward <= 0.5 || reward < mean - 1e-9);
        const chosen = selectFailures(traces, count, createSeededRandom(seed));
        expect(chosen.every(isFailure)).toBe(true);
        const inputs = new Set(traces.filter(isFailure).map(({ decision }) => decision.inputHash));
        expect(new Set(chosen.map(({ decision }) => decision.inputHash)).size).toBe(chosen.length);
        expect(chosen.length).toBe(Math.min(count, inputs.size));
      }),
    );
  });

  it('are the same for the same seed', () => {
    fc.assert(
      fc.property(manyTraces, fc.integer(), (traces, seed) => {
        expect(selectFailures(traces, 4, createSeededRandom(seed))).toEqual(
          selectFailures(traces, 4, createSeededRandom(seed)),
        );
      }),
    );
  });

  it.each([
    ['all that fail, when everything fails alike', [0, 0, 0], 3],
    ['none, when everything is right', [1, 1, 1], 0],
    ['what lies below the mean, when nothing is bad', [0.9, 0.85, 0.7], 1],
    ['none, when everything is equally good', Array.from({ length: 30 }, () => 0.8), 0],
    ['none without rewards', [null, null], 0],
  ])('are %s', (_, rewards, count) => {
    const traces = rewards.map((reward, index) =>
      traceOf({ id: `d${index}`, input: `input ${index}`, reward }),
    );
    expect(selectFailures(traces, 9, createSeededRandom(1))).toHaveLength(count);
  });

  it('are the worse, the explained and the newer ones rather than others', () => {
    // Of two with weights 2 and 1 the first is drawn two times in three; four standard errors are allowed.
    const near = (share: number): { readonly from: number; readonly to: number } => ({
      from: 4_000 * share - 4 * Math.sqrt(4_000 * share * (1 - share)),
      to: 4_000 * share + 4 * Math.sqrt(4_000 * share * (1 - share)),
    });
    const expectShare = (count: number | undefined, share: number): void => {
      expect(count).toBeGreaterThan(near(share).from);
      expect(count).toBeLessThan(near(share).to);
    };
    const pair = (first: object, second: object): readonly Trace[] => [
      traceOf({ id: 'first', input: 'one', reward: 0.4, ...first }),
      traceOf({ id: 'second', input: 'two', reward: 0.4, ...second }),
    ];
    // The older one counts half.
    expectShare(drawCounts(pair({}, {}))['first'], 2 / 3);
    expectShare(drawCounts(pair({}, { reward: 0 }))['second'], 0.5 / (0.5 + 0.6));
    expectShare(drawCounts(pair({}, { comments: ['why'] }))['second'], 0.55 / (0.55 + 0.6));
    expectShare(drawCounts(pair({}, { expected: 'x', comments: ['why'] }))['second'], 0.8 / (0.8 + 0.6));
  });

  it('differ from one another', () => {
    const traces = [
      ...Array.from({ length: 9 }, (_, index) =>
        traceOf({ id: `same${index}`, input: `my printer is on fire again please help me now ${index}` }),
      ),
      traceOf({ id: 'other', input: 'refund' }),
    ];
    const random = createSeededRandom(3);
    let both = 0;
    for (let round = 0; round < 200; round += 1)
      if (selectFailures(traces, 2, random).some(({ decision }) => decision.decisionId === 'other'))
        both += 1;
    // Without regard to novelty it would be one time in six.
    expect(both).toBeGreaterThan(60);
  });
});

describe('random examples', () => {
  it('are drawn evenly, each input once', () => {
    fc.assert(
      fc.property(manyTraces, fc.integer({ min: 0, max: 8 }), fc.integer(), (traces, count, seed) => {
        const chosen = selectAtRandom(traces, count, createSeededRandom(seed));
        const inputs = new Set(traces.map(({ decision }) => decision.inputHash));
        expect(chosen.length).toBe(Math.min(count, inputs.size));
        expect(new Set(chosen.map(({ decision }) => decision.inputHash)).size).toBe(chosen.length);
      }),
    );
    const random = createSeededRandom(5);
    const counts = new Map<string, number>();
    const traces = ['a', 'b', 'c', 'd'].map((input) => traceOf({ id: input, input }));
    for (let draw = 0; draw < 4_000; draw += 1)
      for (const { decision } of selectAtRandom(traces, 1, random))
        counts.set(decision.inputHash, (counts.get(decision.inputHash) ?? 0) + 1);
    for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(4 * Math.sqrt(750));
    expect(counts.size).toBe(4);
  });
});

describe('what may be shown', () => {
  const traces = (own: number): readonly Trace[] =>
    Array.from({ length: 40 }, (_, index) =>
      traceOf({ id: `d${index}`, variantId: index < own ? 'incumbent' : 'other' }),
    );

  it('is the incumbent alone, once it has served enough', () => {
    expect(showableTraces(traces(20), 'incumbent')).toHaveLength(20);
    expect(showableTraces(traces(19), 'incumbent')).toHaveLength(40);
  });
});

describe('the level of a variant', () => {
  it('is the mean of its own rewards', () => {
    const traces = [
      traceOf({ reward: 1, variantId: 'v' }),
      traceOf({ reward: 0.5, variantId: 'v' }),
      traceOf({ reward: null, variantId: 'v' }),
      traceOf({ reward: 0 }),
    ];
    expect(meanRewardOf(traces, 'v')).toBe(0.75);
    expect(meanRewardOf(traces, 'w')).toBeNull();
  });
});
