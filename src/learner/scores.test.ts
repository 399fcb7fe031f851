import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { campaignOf, insert, variantOf } from './fixtures.case.ts';
import { scoresOf } from './scores.ts';

const first = variantOf(insert('first'));
const second = variantOf(insert('first'), insert('second'));

describe('scores', () => {
  it('lie as far from the incumbent as the pairs say', () => {
    const campaigns = [
      campaignOf({ id: 'a', variant: first, state: 'rejected', meanDifference: -0.1 }),
      campaignOf({ id: 'b', variant: second, state: 'inconclusive', meanDifference: 0.016 }),
    ];
    const scores = scoresOf(campaigns, { incumbentId: 'baseline', meanReward: 0.6 });
    expect([...scores]).toEqual([
      ['a', 50],
      ['b', 62],
    ]);
  });

  it('reach back through the promotions since', () => {
    const campaigns = [
      campaignOf({ id: 'old', variant: variantOf(insert('x')), state: 'rejected', meanDifference: -0.1 }),
      campaignOf({ id: 'up', variant: first, state: 'promoted', meanDifference: 0.2 }),
      campaignOf({
        id: 'upper',
        variant: second,
        parentId: first.id,
        state: 'promoted',
        meanDifference: 0.1,
      }),
    ];
    const scores = scoresOf(campaigns, { incumbentId: second.id, meanReward: 0.8 });
    expect(Object.fromEntries(scores)).toEqual({ old: 40, up: 70, upper: 80 });
  });

  it.each([
    ['without pairs', { meanDifference: null }, 0.5],
    ['without a verdict', {}, 0.5],
    ['off the chain of promotions', { meanDifference: 0.1, incumbentId: 'unknown' }, 0.5],
    ['where the level of the incumbent is not known', { meanDifference: 0.1 }, null],
  ])('are absent %s', (_, fields, meanReward) => {
    const campaign = campaignOf({ variant: first, state: 'rejected', ...fields });
    expect(scoresOf([campaign], { incumbentId: 'baseline', meanReward }).size).toBe(0);
  });

  it('are integers from 0 to 100', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        (meanReward, meanDifference) => {
          const campaign = campaignOf({ id: 'a', variant: first, state: 'rejected', meanDifference });
          const score = scoresOf([campaign], { incumbentId: 'baseline', meanReward }).get('a');
          expect(Number.isInteger(score)).toBe(true);
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(100);
        },
      ),
    );
  });
});
