import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../stats/seeded-random.case.ts';
import { sampleArm } from './sample.ts';

const at = (draw: number): { next: () => number } => ({ next: () => draw });
const almostOne = 1 - 2 ** -53;

describe('sampleArm', () => {
  it.each([
    [0, 'a'],
    [0.249, 'a'],
    [0.25, 'b'],
    [0.749, 'b'],
    [0.75, 'c'],
    [almostOne, 'c'],
  ])('draw %d takes %s', (draw, variantId) => {
    const probabilities = { a: 0.25, zero: 0, b: 0.5, c: 0.25 };
    expect(sampleArm(probabilities, at(draw))).toEqual({
      variantId,
      propensity: probabilities[variantId as 'a'],
    });
  });

  it('draws each arm as often as its probability says', () => {
    const random = seededRandom(3);
    const probabilities = { a: 0.05, b: 0.25, c: 0.7 };
    const counts: Record<string, number> = { a: 0, b: 0, c: 0 };
    for (let draw = 0; draw < 20_000; draw++) counts[sampleArm(probabilities, random).variantId]!++;
    for (const [id, probability] of Object.entries(probabilities))
      expect(Math.abs(counts[id]! / 20_000 - probability)).toBeLessThan(
        4 * Math.sqrt((probability * (1 - probability)) / 20_000),
      );
  });

  it('always draws an arm that is served, with its own probability', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(1_000), { minLength: 1, maxLength: 200 }).filter((weights) => weights.some(Boolean)),
        fc.double({ min: 0, max: almostOne, noNaN: true }),
        (weights, draw) => {
          const total = weights.reduce((sum, weight) => sum + weight, 0);
          const probabilities = Object.fromEntries(
            weights.map((weight, arm) => [`arm${arm}`, weight / total]),
          );
          const { variantId, propensity } = sampleArm(probabilities, at(draw));
          expect(propensity).toBeGreaterThan(0);
          expect(propensity).toBe(probabilities[variantId]);
        },
      ),
    );
  });

  it('refuses what is no distribution', () => {
    expect(() => sampleArm({}, at(0))).toThrow(RangeError);
    expect(() => sampleArm({ a: 0.5 }, at(0))).toThrow(RangeError);
    expect(() => sampleArm({ a: 1.5, b: -0.5 }, at(0))).toThrow(RangeError);
  });
});
