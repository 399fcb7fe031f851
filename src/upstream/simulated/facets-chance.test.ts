import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chanceGivenInput, isRight } from './chance.ts';
import { chancesOf, effortOf } from './facets-chance.ts';
import { modelAt } from './facets-timeline.ts';
import { normalQuantile } from './normal.ts';
import { smallFacetsWorld } from './small-world.case.ts';

const world = smallFacetsWorld({ model: { promptTokenPenalty: 0.0005 } });
const { inputs } = world.agent;

describe('chancesOf', () => {
  it.each([
    // logit 0.6 = 0.405465; the three inputs have difficulty 0.2, 0, 0.
    { facets: [], extraTokens: 0, logits: [0.205_465_1, 0.405_465_1, 0.405_465_1] },
    { facets: [], extraTokens: 100, logits: [0.155_465_1, 0.355_465_1, 0.355_465_1] },
    { facets: ['listed'], extraTokens: 0, logits: [1.105_465_1, 1.005_465_1, 1.005_465_1] },
    { facets: ['verbose'], extraTokens: 0, logits: [-0.294_534_9, -0.094_534_9, -0.094_534_9] },
    // Both: 0.6 − 0.5 − 0.4, and 0.3 more where money is concerned; 10 tokens cost 0.005.
    { facets: ['listed', 'verbose'], extraTokens: 10, logits: [0.200_465_1, 0.100_465_1, 0.100_465_1] },
  ])('adds up logits for $facets and $extraTokens tokens', ({ facets, extraTokens, logits }) => {
    const chances = chancesOf(world.model, { facetIds: new Set(facets), extraTokens }, inputs);
    for (const [index, logit] of logits.entries())
      expect(chances[index]).toBeCloseTo(1 / (1 + Math.exp(-logit)), 6);
  });

  it('is certain at a base accuracy of 0 or 1, whatever the facets', () => {
    for (const baseAccuracy of [0, 1])
      expect(
        chancesOf(
          { ...world.model, baseAccuracy },
          { facetIds: new Set(['listed']), extraTokens: 5 },
          inputs,
        ),
      ).toEqual([baseAccuracy, baseAccuracy, baseAccuracy]);
  });

  it('gives a facet the effects of the newest shift, and keeps what the shift does not name', () => {
    const shifted = modelAt(world, 100);
    const [money, product] = chancesOf(shifted, { facetIds: new Set(['listed']), extraTokens: 0 }, inputs);
    expect(money).toBeCloseTo(1 / (1 + Math.exp(0.2 + 0.9 - 0.3)), 10);
    expect(product).toBeCloseTo(1 / (1 + Math.exp(0.9)), 10);
    expect(modelAt(world, 99)).toEqual(world.model);
  });
});

describe('effortOf', () => {
  it('adds tokens and time of the facets present', () => {
    expect(effortOf(world.model, new Set())).toEqual({ outputTokens: 10, latencyMs: 200 });
    expect(effortOf(world.model, new Set(['verbose', 'listed']))).toEqual({
      outputTokens: 50,
      latencyMs: 1100,
    });
  });

  it('never goes below one token and no time', () => {
    const facet = { id: 'terse', any: ['x'], effect: 0, segments: {}, outputTokens: -50, latencyMs: -900 };
    const terse = { ...world.model, facets: [facet] };
    expect(effortOf(terse, new Set(['terse']))).toEqual({ outputTokens: 1, latencyMs: 0 });
  });
});

describe('chanceGivenInput', () => {
  it.each([
    { p: 0.6, consistency: 0.6, luck: 0.5, expected: 0.416_133_292_243_092 },
    { p: 0.6, consistency: 0.6, luck: -1.2, expected: 0.969_276_888_013_282 },
    { p: 0.9, consistency: 0.25, luck: 2, expected: 0.627_450_236_025_253 },
    { p: 0.5, consistency: 0, luck: 3, expected: 0.5 },
    { p: 0.6, consistency: 1, luck: 0.25, expected: 1 },
    { p: 0.6, consistency: 1, luck: 0.26, expected: 0 },
  ])('of p $p, c $consistency, luck $luck is $expected', ({ p, consistency, luck, expected }) => {
    expect(chanceGivenInput(normalQuantile(p), consistency, luck)).toBeCloseTo(expected, 12);
  });

  it('is the chance of isRight over the luck of calls', () => {
    const grid = Array.from({ length: 2000 }, (_, index) => normalQuantile((index + 0.5) / 2000));
    fc.assert(
      fc.property(
        fc.double({ min: 0.02, max: 0.98, noNaN: true }),
        fc.double({ min: 0, max: 0.95, noNaN: true }),
        fc.double({ min: -2.5, max: 2.5, noNaN: true }),
        (p, consistency, luck) => {
          const quantile = normalQuantile(p);
          const right = grid.filter((call) => isRight(quantile, consistency, { input: luck, call })).length;
          expect(Math.abs(right / grid.length - chanceGivenInput(quantile, consistency, luck))).toBeLessThan(
            1e-3,
          );
        },
      ),
      { numRuns: 50 },
    );
  });
});
