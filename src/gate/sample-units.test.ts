import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Trace } from '../domain/trace.ts';
import { sampleUnits } from './sample-units.ts';
import { segmentOf } from './strata.ts';
import { traceOf } from './trace.case.ts';

interface Requested {
  readonly trace: Trace;
}

/** Conversations of so many turns, in these segments, in this order. */
function requestsIn(segments: readonly string[], turns = 1): readonly Requested[] {
  return segments.flatMap((segment, unit) =>
    Array.from({ length: turns }, (_, turn) => {
      const decisionId = `d${unit}-${turn}`;
      return { trace: traceOf(null, { decisionId, episodeId: `e${unit}`, segment, atMs: unit }) };
    }),
  );
}

const countIn = (sample: readonly Requested[], segment: string): number =>
  sample.filter(({ trace }) => trace.decision.segment === segment).length;

/** Segments by their shares, well mixed. */
const mixed = (shares: Readonly<Record<string, number>>, total: number): readonly string[] =>
  Object.entries(shares)
    .flatMap(([segment, share]) =>
      Array.from(
        { length: Math.round(share * total) },
        (_, index) => [segment, (index + 0.5) / share] as const,
      ),
    )
    .toSorted(([, one], [, other]) => one - other)
    .map(([segment]) => segment);

describe('sampleUnits', () => {
  it('takes each segment in proportion, and something of the rarest', () => {
    const requests = requestsIn(mixed({ common: 0.7, some: 0.28, rare: 0.02 }, 150));
    const sample = sampleUnits(requests, { requestsMax: 40, turnsMax: 1 });
    expect(sample.length).toBe(40);
    expect(countIn(sample, 'rare')).toBe(1);
    expect(countIn(sample, 'common')).toBe(28);
    expect(countIn(sample, 'some')).toBe(11);
  });

  it('is as proportional at every beginning, wherever the budget ends', () => {
    const shares = { a: 0.5, b: 0.3, c: 0.2 };
    const sample = sampleUnits(requestsIn(mixed(shares, 200)), { requestsMax: 100, turnsMax: 1 });
    for (let end = 10; end <= 100; end += 10)
      for (const [segment, share] of Object.entries(shares))
        expect(Math.abs(countIn(sample.slice(0, end), segment) - share * end)).toBeLessThanOrEqual(1);
  });

  it('takes nothing twice, leaves no room unused, and keeps the order within a segment', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 80 }),
        fc.integer({ min: 1, max: 100 }),
        (segments, requestsMax) => {
          const requests = requestsIn(segments);
          const sample = sampleUnits(requests, { requestsMax, turnsMax: 1 });
          expect(new Set(sample).size).toBe(Math.min(requests.length, requestsMax));
          for (const segment of new Set(segments)) {
            const times = sample.flatMap(({ trace: { decision } }) =>
              decision.segment === segment ? [decision.atMs] : [],
            );
            expect(times).toEqual(times.toSorted((one, other) => one - other));
          }
        },
      ),
    );
  });

  it('gives each segment its share over many samples, though rare ones come first in each', () => {
    const arrivals = [...requestsIn(mixed({ common: 0.9, rare: 0.1 }, 2_000))];
    let pool: readonly Requested[] = [];
    const taken: Requested[] = [];
    while (taken.length < 1_000) {
      pool = [...pool, ...arrivals.splice(0, 160 - pool.length)];
      const sample = new Set(sampleUnits(pool, { requestsMax: 8, turnsMax: 1 }));
      taken.push(...sample);
      pool = pool.filter((request) => !sample.has(request));
    }
    // Ahead by no more than what the pool holds of them.
    expect(countIn(taken, 'rare')).toBeGreaterThanOrEqual(100);
    expect(countIn(taken, 'rare')).toBeLessThanOrEqual(116);
  });

  it('takes conversations whole, up to so many of their requests, the same ones each time', () => {
    const requests = requestsIn(['a', 'a', 'a'], 6);
    const sample = sampleUnits(requests, { requestsMax: 5, turnsMax: 4 });
    expect(sample.map(({ trace }) => trace.decision.episodeId)).toEqual([
      ...Array(4).fill('e0'),
      ...Array(4).fill('e1'),
    ]);
    expect(sampleUnits(requests.toReversed(), { requestsMax: 100, turnsMax: 4 })).toEqual(
      expect.arrayContaining([...sample]),
    );
  });
});

describe('segmentOf', () => {
  const request = (words: number, tools?: readonly object[]) => ({
    model: 'gpt-4o',
    ...(tools === undefined ? {} : { tools }),
    messages: [
      { role: 'system', content: 'You sort. '.repeat(5_000) },
      { role: 'user', content: 'word '.repeat(words) },
    ],
  });
  const tool = { type: 'function', function: { name: 'search' } };

  it('is the one that the caller named', () => {
    expect(segmentOf({ decision: traceOf(null, { segment: 'vip' }).decision })).toBe('vip');
  });

  it.each([
    [10, undefined, '~gpt-4o, no tools, short'],
    [500, undefined, '~gpt-4o, no tools, medium'],
    [2_000, [tool], '~gpt-4o, tools, long'],
    [20_000, [tool], '~gpt-4o, tools, very long'],
  ])('is else read from what is asked: %i words', (words, tools, expected) => {
    const content = { request: request(words, tools), slots: {} };
    expect(segmentOf(traceOf(content, { model: 'gpt-4o' }))).toBe(expected);
  });
});
