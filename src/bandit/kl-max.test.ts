import { describe, expect, it } from 'vitest';
import type { RewardSums } from '../domain/bandit-state.ts';
import { adaptKlMax, klMaxStart } from './kl-max.ts';

/** So many binary rewards. */
const binary = (count: number, successes: number): RewardSums => ({
  count,
  sum: successes,
  squares: successes,
});

describe('adaptKlMax', () => {
  it.each([
    {
      name: 'candidates did better',
      klMax: klMaxStart,
      candidates: binary(10, 8),
      incumbent: binary(40, 28),
      expected: 0.0075,
    },
    {
      name: 'better, at the upper bound',
      klMax: 0.04,
      candidates: binary(10, 8),
      incumbent: binary(40, 28),
      expected: 0.05,
    },
    {
      name: 'much worse',
      klMax: klMaxStart,
      candidates: binary(10, 1),
      incumbent: binary(40, 28),
      expected: 0.0025,
    },
    {
      name: 'much worse, at the lower bound',
      klMax: 0.0006,
      candidates: binary(10, 1),
      incumbent: binary(40, 28),
      expected: 0.0005,
    },
    {
      name: 'a little worse',
      klMax: klMaxStart,
      candidates: binary(10, 6),
      incumbent: binary(40, 28),
      expected: klMaxStart,
    },
    {
      name: 'equal',
      klMax: klMaxStart,
      candidates: binary(10, 7),
      incumbent: binary(40, 28),
      expected: klMaxStart,
    },
    {
      name: 'no candidate was observed',
      klMax: klMaxStart,
      candidates: binary(0, 0),
      incumbent: binary(40, 28),
      expected: klMaxStart,
    },
    {
      name: 'the incumbent was not observed',
      klMax: klMaxStart,
      candidates: binary(10, 9),
      incumbent: binary(0, 0),
      expected: klMaxStart,
    },
    {
      name: 'two rewards have no error to speak of',
      klMax: klMaxStart,
      candidates: binary(1, 0),
      incumbent: binary(1, 1),
      expected: klMaxStart,
    },
    {
      name: 'worse without any spread',
      klMax: klMaxStart,
      candidates: binary(5, 0),
      incumbent: binary(5, 5),
      expected: 0.0025,
    },
  ])('$name', ({ klMax, candidates, incumbent, expected }) => {
    expect(adaptKlMax(klMax, candidates, incumbent)).toBeCloseTo(expected, 12);
  });
});
