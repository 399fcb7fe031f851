import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capShares } from './cap.ts';

describe('capShares', () => {
  it.each([
    { name: 'nothing is above its cap', shares: [0.6, 0.4], caps: [1, 1], takers: [0], expected: [0.6, 0.4] },
    {
      name: 'the incumbent takes what a cap cuts off',
      shares: [0.3, 0.7],
      caps: [1, 0.2],
      takers: [0],
      expected: [0.8, 0.2],
    },
    {
      name: 'other takers take what the incumbent may not',
      shares: [0.2, 0.7, 0.1],
      caps: [0.5, 0.1, 1],
      takers: [0, 2],
      expected: [0.5, 0.1, 0.4],
    },
    {
      name: 'takers share by room',
      shares: [0.5, 0.3, 0.1, 0.1],
      caps: [0.5, 0.1, 0.2, 0.4],
      takers: [0, 2, 3],
      expected: [0.5, 0.1, 0.15, 0.25],
    },
    {
      name: 'no taker has room: the incumbent goes above its cap',
      shares: [0.2, 0.8],
      caps: [0.3, 0.1],
      takers: [0],
      expected: [0.9, 0.1],
    },
    {
      name: 'an arm on trial takes nothing',
      shares: [0.2, 0.7, 0.1],
      caps: [0.5, 0.1, 1],
      takers: [0],
      expected: [0.8, 0.1, 0.1],
    },
    {
      name: 'the incumbent above its own cap',
      shares: [0.9, 0.1],
      caps: [0.5, 1],
      takers: [0, 1],
      expected: [0.5, 0.5],
    },
  ])('$name', ({ shares, caps, takers, expected }) => {
    capShares(shares, caps, takers).forEach((share, arm) => expect(share).toBeCloseTo(expected[arm]!, 12));
  });

  it('keeps the sum and every cap but the incumbent’s, and lowers nobody below its cap', () => {
    const arm = fc.record({
      weight: fc.double({ min: 1e-3, max: 1, noNaN: true }),
      cap: fc.double({ min: 1e-3, max: 1, noNaN: true }),
      isTaker: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(arm, { minLength: 1, maxLength: 64 }), (arms) => {
        const total = arms.reduce((sum, { weight }) => sum + weight, 0);
        const shares = arms.map(({ weight }) => weight / total);
        const takers = [0, ...arms.flatMap(({ isTaker }, index) => (isTaker && index > 0 ? [index] : []))];
        const capped = capShares(
          shares,
          arms.map(({ cap }) => cap),
          takers,
        );
        expect(capped.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
        const isFull = (index: number): boolean => capped[index]! >= arms[index]!.cap - 1e-9;
        capped.forEach((share, index) => {
          expect(share).toBeGreaterThanOrEqual(Math.min(shares[index]!, arms[index]!.cap) - 1e-12);
          if (index > 0) expect(share).toBeLessThanOrEqual(arms[index]!.cap + 1e-12);
          if (index > 0 && !takers.includes(index)) expect(share).toBeLessThanOrEqual(shares[index]!);
        });
        if (capped[0]! > arms[0]!.cap + 1e-9) expect(takers.every(isFull)).toBe(true);
      }),
    );
  });

  it('needs somebody to take the rest', () => {
    expect(() => capShares([1], [0.5], [])).toThrow(RangeError);
  });
});
