import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitRidge } from './ridge.ts';

describe('ridge regression', () => {
  it('has the solution of the normal equations', () => {
    // One dimension, centred scores: slope = Σxy / (Σx² + λ).
    const observations = [
      { point: [1], score: 2 },
      { point: [-1], score: -2 },
      { point: [2], score: 3 },
      { point: [-2], score: -3 },
    ];
    expect(fitRidge(observations, 0.5)([1])).toBeCloseTo((2 + 2 + 6 + 6) / (10 + 0.5), 12);
  });

  it('counts a weight as so many observations', () => {
    const twice = [
      { point: [1, 0], score: 1 },
      { point: [1, 0], score: 1 },
      { point: [0, 1], score: 0 },
    ];
    const weighted = [
      { point: [1, 0], score: 1, weight: 2 },
      { point: [0, 1], score: 0 },
    ];
    for (const point of [
      [1, 0],
      [0, 1],
      [0.3, 0.7],
    ])
      expect(fitRidge(weighted, 0.1)(point)).toBeCloseTo(fitRidge(twice, 0.1)(point), 9);
  });

  it('predicts the mean far from all it has seen, and 0 where it has seen nothing', () => {
    const predict = fitRidge(
      [
        { point: [1, 0, 0], score: 0.2 },
        { point: [0, 1, 0], score: 0.6 },
      ],
      0.1,
    );
    expect(predict([0, 0, 1])).toBeCloseTo(0.4, 12);
    expect(fitRidge([], 0.1)([1])).toBe(0);
  });

  it('stays within what it was shown, whatever the order', () => {
    const unit = fc.constantFrom([1, 0, 0], [0, 1, 0], [0, 0, 1]);
    const observation = fc.record({ point: unit, score: fc.double({ min: 0, max: 1, noNaN: true }) });
    fc.assert(
      fc.property(fc.array(observation, { minLength: 1, maxLength: 12 }), unit, (observations, point) => {
        const value = fitRidge(observations, 0.1)(point);
        expect(value).toBeGreaterThan(-0.001);
        expect(value).toBeLessThan(1.001);
        expect(fitRidge(observations.toReversed(), 0.1)(point)).toBeCloseTo(value, 6);
      }),
    );
  });

  it.each([0, -1, Number.NaN, Infinity])('refuses a penalty of %d', (penalty) => {
    expect(() => fitRidge([], penalty)).toThrow(RangeError);
  });
});
