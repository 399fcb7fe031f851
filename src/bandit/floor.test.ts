import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { armFloor, mixFloor } from './floor.ts';

describe('armFloor', () => {
  it.each([
    { cap: 1, arms: 2, exploreShare: 0.1, floor: 0.01 },
    { cap: 1, arms: 2, exploreShare: 0.01, floor: 0.005 },
    { cap: 0.005, arms: 2, exploreShare: 0.1, floor: 0.005 },
    { cap: 1, arms: 4, exploreShare: 0, floor: 2.5e-7 },
  ])('cap $cap of $arms arms exploring $exploreShare: $floor', ({ cap, arms, exploreShare, floor }) => {
    expect(armFloor(cap, arms, exploreShare)).toBeCloseTo(floor, 12);
  });
});

describe('mixFloor', () => {
  it('gives every arm its floor and divides the rest by the policy', () => {
    expect(mixFloor([1, 0], [0.01, 0.01], 1)).toEqual([0.99, 0.01]);
    expect(mixFloor([0.5, 0.5], [0.1, 0.3], 0.8)).toEqual([0.30000000000000004, 0.5]);
  });

  it('keeps the total, and every floor', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1e-9, max: 1, noNaN: true }), { minLength: 1, maxLength: 64 }),
        fc.double({ min: 0.1, max: 1, noNaN: true }),
        (weights, total) => {
          const sum = weights.reduce((one, other) => one + other, 0);
          const floors = weights.map(() => armFloor(1, weights.length, 0.1));
          const mixed = mixFloor(
            weights.map((weight) => weight / sum),
            floors,
            total,
          );
          expect(mixed.reduce((one, other) => one + other, 0)).toBeCloseTo(total, 12);
          mixed.forEach((share, arm) => expect(share).toBeGreaterThanOrEqual(floors[arm]!));
        },
      ),
    );
  });
});
