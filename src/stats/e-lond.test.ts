import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../test/vectors/e-lond.json' with { type: 'json' };
import { blockShares, eLondLevel, lifeShares } from './e-lond.ts';

describe('eLondLevel', () => {
  it.each(vectors.variants)('agrees with the reference: $shares shares, block $block', (variant) => {
    const block = variant.block ?? 'life';
    let promotionsInBlock = 0;
    variant.eValues.forEach((e, tests) => {
      if (block !== 'life' && tests % block === 0) promotionsInBlock = 0;
      const level = eLondLevel({
        alpha: vectors.alpha,
        block,
        tests,
        promotionsInBlock,
        ...(variant.shares === 'falling' ? { shares: (test: number) => 1 / (test * (test + 1)) } : {}),
      });
      expect(level).toBeCloseTo(variant.levels[tests]!, 9);
      const isPromoted = e >= 1 / level;
      expect(isPromoted ? 1 : 0).toBe(variant.rejections[tests]);
      if (isPromoted) promotionsInBlock++;
    });
  });

  it('asks for e ≥ 500 at first and for 250 after one promotion, by default', () => {
    expect(1 / eLondLevel({ alpha: 0.05, block: 25, tests: 0, promotionsInBlock: 0 })).toBeCloseTo(500, 9);
    expect(1 / eLondLevel({ alpha: 0.05, block: 25, tests: 7, promotionsInBlock: 1 })).toBeCloseTo(250, 9);
  });

  it('spends no more than α on a life without promotions', () => {
    let spent = 0;
    for (let tests = 0; tests < 100_000; tests++)
      spent += eLondLevel({ alpha: 0.05, block: 'life', tests, promotionsInBlock: 0 });
    expect(spent).toBeLessThanOrEqual(0.05);
    expect(spent).toBeGreaterThan(0.0499);
    expect(lifeShares(1)).toBeCloseTo(6 / Math.PI ** 2, 12);
  });

  it('spends α in every block', () => {
    for (const block of [1, 5, 25, 100])
      expect(Array.from({ length: block }, (_, index) => blockShares(block)(index + 1))).toSatisfy(
        (shares: number[]) => Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-12,
      );
  });

  it('begins a block without promotions, whatever the caller still counts', () => {
    expect(eLondLevel({ alpha: 0.05, block: 25, tests: 50, promotionsInBlock: 9 })).toBeCloseTo(0.002, 12);
  });

  it('is a level: in (0, 1), and it never falls when promotions come in', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-4, max: 0.9, noNaN: true }),
        fc.oneof(fc.integer({ min: 1, max: 100 }), fc.constant('life' as const)),
        fc.nat(10_000),
        fc.nat(100),
        (alpha, block, tests, promotionsInBlock) => {
          const level = eLondLevel({ alpha, block, tests, promotionsInBlock });
          expect(level).toBeGreaterThan(0);
          expect(level).toBeLessThanOrEqual(1);
          const more = eLondLevel({ alpha, block, tests, promotionsInBlock: promotionsInBlock + 1 });
          expect(more).toBeGreaterThanOrEqual(level);
        },
      ),
    );
  });

  it.each([
    { alpha: 0, block: 25, tests: 0, promotionsInBlock: 0 },
    { alpha: 0.05, block: 0, tests: 0, promotionsInBlock: 0 },
    { alpha: 0.05, block: 2.5, tests: 0, promotionsInBlock: 0 },
    { alpha: 0.05, block: 25, tests: -1, promotionsInBlock: 0 },
    { alpha: 0.05, block: 25, tests: 0, promotionsInBlock: Number.NaN },
  ])('refuses %j', (position) => {
    expect(() => eLondLevel(position)).toThrow(RangeError);
  });
});
