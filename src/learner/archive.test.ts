import { describe, expect, it } from 'vitest';
import { archiveOf } from './archive.ts';
import { triedChanges } from './edit-history.ts';
import { campaignOf, insert, variantOf } from './fixtures.case.ts';

const incumbent = variantOf(insert('first'), insert('second'));
const standing = { incumbentId: incumbent.id, meanReward: 0.6 };

function archiveWith(
  ...campaigns: readonly Parameters<typeof campaignOf>[0][]
): readonly [string, number | null][] {
  const tried = triedChanges(
    campaigns.map((fields) => campaignOf({ incumbentId: incumbent.id, ...fields })),
    1,
    standing,
  );
  return archiveOf(tried, incumbent, standing.meanReward).map(({ variant, score }) => [variant.id, score]);
}

describe('the archive', () => {
  const better = variantOf(insert('better'));
  const worse = variantOf(insert('worse'));

  it('holds the incumbent, and what no verdict went against, the best first', () => {
    expect(
      archiveWith(
        { variant: worse, state: 'inconclusive', meanDifference: -0.1 },
        { variant: better, state: 'inconclusive', meanDifference: 0.05 },
      ),
    ).toEqual([
      [better.id, 65],
      [incumbent.id, 60],
      [worse.id, 50],
    ]);
  });

  it.each(['proposed', 'shadow', 'canary', 'rejected', 'rolled-back'] as const)(
    'holds nothing that is %s',
    (state) => {
      expect(archiveWith({ variant: better, state, meanDifference: 0.2 })).toEqual([[incumbent.id, 60]]);
    },
  );

  it('holds nothing that was turned down at another time', () => {
    expect(
      archiveWith(
        { id: 'a', variant: better, state: 'inconclusive', meanDifference: 0.2 },
        { id: 'b', variant: better, state: 'rejected', meanDifference: -0.2 },
      ),
    ).toEqual([[incumbent.id, 60]]);
  });

  it('leaves out what was never measured, and what the incumbent contains', () => {
    expect(
      archiveWith(
        { variant: better, state: 'inconclusive' },
        {
          variant: variantOf(insert('first', 'read from the store')),
          state: 'promoted',
          meanDifference: 0.1,
        },
      ),
    ).toEqual([[incumbent.id, 60]]);
  });
});
