import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../test/vectors/distributions.json' with { type: 'json' };
import { chiSquareTail } from './chi-square-tail.ts';
import { continuedFraction } from './continued-fraction.ts';
import { fTail } from './f-tail.ts';
import { incompleteBeta } from './incomplete-beta.ts';
import { upperIncompleteGamma } from './incomplete-gamma.ts';
import { intervalAround } from './interval.ts';
import { logGamma } from './log-gamma.ts';
import { studentQuantile } from './student-quantile.ts';

/** Equal to nine digits, however small the value. */
function expectSame(found: number, reference: number): void {
  expect(Math.abs(found - reference)).toBeLessThanOrEqual(1e-9 * Math.max(Math.abs(reference), 1e-290));
}

describe('distributions', () => {
  it.each(vectors.logGamma)('log gamma agrees with the reference at $x', ({ x, value }) => {
    expect(Math.abs(logGamma(x) - value)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(value)));
  });

  it.each(vectors.incompleteBeta)('incomplete beta agrees at $x for $a, $b', ({ x, a, b, value }) => {
    expectSame(incompleteBeta(x, a, b), value);
  });

  it.each(vectors.upperIncompleteGamma)('incomplete gamma agrees at $x for $a', ({ a, x, value }) => {
    expectSame(upperIncompleteGamma(a, x), value);
  });

  it.each(vectors.chiSquareTail)('chi-square tail agrees beyond $value, $freedom', (reference) => {
    expectSame(chiSquareTail(reference.value, reference.freedom), reference.tail);
  });

  it.each(vectors.fTail)('F tail agrees beyond $value, $above, $below', ({ value, above, below, tail }) => {
    expectSame(fTail(value, above, below), tail);
  });

  it.each(vectors.studentQuantile)('Student quantile agrees at $probability, $freedom', (reference) => {
    const found = studentQuantile(reference.probability, reference.freedom ?? Infinity);
    expect(Math.abs(found - reference.value)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(found)));
  });

  it('a quantile is mirrored at the half, and wider with less freedom', () => {
    const freedom = fc.double({ min: 0.5, max: 500, noNaN: true });
    const probability = fc.double({ min: 0.51, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(probability, freedom, (p, one) => {
        expect(studentQuantile(1 - p, one)).toBeCloseTo(-studentQuantile(p, one), 9);
        expect(studentQuantile(p, one)).toBeGreaterThan(studentQuantile(p, one + 1));
        expect(studentQuantile(p, one)).toBeGreaterThan(studentQuantile(p, Infinity));
      }),
    );
  });

  it('an interval is symmetric about its estimate', () => {
    const { low, high } = intervalAround(0.3, 0.1, Infinity);
    expect(low).toBeCloseTo(0.3 - 0.195996398454, 12);
    expect(high).toBeCloseTo(0.3 + 0.195996398454, 12);
    expect(intervalAround(0.3, 0.1, Infinity, 0.8).high).toBeCloseTo(0.3 + 0.1281551565545, 12);
  });

  it.each([
    () => logGamma(0),
    () => logGamma(Number.NaN),
    () => incompleteBeta(1.1, 1, 1),
    () => incompleteBeta(0.5, 0, 1),
    () => upperIncompleteGamma(0, 1),
    () => upperIncompleteGamma(1, -1),
    () => studentQuantile(0, 3),
    () => studentQuantile(0.5, 0),
    () => intervalAround(0, 1, 5, 1),
    () => intervalAround(0, 1, 5, -0.5),
    () => continuedFraction(() => ({ numerator: -1, denominator: 1 })),
  ])('refuses what it is not defined for (%#)', (ask) => {
    expect(ask).toThrow(RangeError);
  });
});
