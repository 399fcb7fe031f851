import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CampaignState } from '../domain/campaign.ts';
import type { Edit } from '../domain/edit.ts';
import { firstPlan, type ServingPlan } from '../domain/plan.ts';
import { baselineVariantId, makeVariant, type Variant } from '../domain/variant.ts';
import {
  addedEdits,
  incumbentChanges,
  mayPropose,
  rollbacksIn,
  rolledBackRestMs,
  screenedOutRestMs,
  triedChanges,
  type HistoryGround,
} from './edit-history.ts';
import { campaignOf, insert, variantOf } from './fixtures.case.ts';

const one = insert('one');
const two = insert('two');
const baseline = variantOf();
const unknown = { incumbentId: baselineVariantId, meanReward: null };

function groundOf(
  incumbent: Variant,
  campaigns: readonly Parameters<typeof campaignOf>[0][],
  change: Partial<HistoryGround> = {},
): HistoryGround {
  return {
    incumbent,
    armIds: [baselineVariantId, incumbent.id],
    tried: triedChanges(campaigns.map(campaignOf), 1, unknown),
    incumbentChangesMs: [],
    rollbacks: [],
    nowMs: 1_000,
    ...change,
  };
}

describe('a change of which nothing is known', () => {
  it('may be proposed', () => {
    expect(mayPropose(variantOf(one), groundOf(baseline, []))).toBe(true);
    expect(mayPropose(variantOf(one, two), groundOf(variantOf(one), []))).toBe(true);
  });
});

describe('a change that is served', () => {
  it('is not proposed as an arm again', () => {
    expect(mayPropose(variantOf(one), groundOf(baseline, [], { armIds: [variantOf(one).id] }))).toBe(false);
    expect(mayPropose(baseline, groundOf(variantOf(one), []))).toBe(false);
  });

  it('is not added to the incumbent twice, whatever its intent says', () => {
    const again = variantOf(one, two, insert('one', 'another intent'));
    expect(mayPropose(again, groundOf(variantOf(one), []))).toBe(false);
  });

  it('may be taken out of it', () => {
    expect(mayPropose(variantOf(two), groundOf(variantOf(one, two), []))).toBe(true);
  });
});

describe('a change that has had a campaign', () => {
  const other = variantOf(two);
  const states: readonly [CampaignState, boolean, boolean][] = [
    ['proposed', false, false],
    ['screened', false, false],
    ['shadow', false, false],
    ['canary', false, false],
    ['rejected', false, false],
    ['inconclusive', false, true],
    ['promoted', false, true],
    ['rolled-back', false, false],
  ];

  it.each(states)('and is %s: again on the same incumbent %s, on another one %s', (state, same, another) => {
    const tried = [{ variant: variantOf(one), state, atMs: 500 }];
    expect(mayPropose(variantOf(one), groundOf(baseline, tried))).toBe(same);
    const changed = { incumbentChangesMs: [600] };
    expect(mayPropose(variantOf(two, one), groundOf(other, tried, changed))).toBe(another);
  });

  it.each(states)('and is %s: a rollback since then reopens it unless it is open or rejected', (state) => {
    const tried = [{ variant: variantOf(one), state, atMs: 500 }];
    const reopened = mayPropose(
      variantOf(one),
      groundOf(baseline, tried, { rollbacks: [{ atMs: 501, toVariantId: baselineVariantId }] }),
    );
    expect(reopened).toBe(state === 'inconclusive' || state === 'promoted');
  });

  it('may return on another incumbent when it only fell behind in the trial on past requests', () => {
    const campaign = campaignOf({ variant: variantOf(one), state: 'rejected', atMs: 500 });
    const move = { from: 'screened', to: 'rejected', atMs: 500, reason: 'screened out' } as const;
    const tried = triedChanges([{ ...campaign, history: [move] }], 1, unknown);
    expect(tried).toMatchObject([{ outcome: 'screened-out' }]);
    expect(mayPropose(variantOf(one), groundOf(baseline, [], { tried }))).toBe(false);
    expect(mayPropose(variantOf(two, one), groundOf(variantOf(two), [], { tried }))).toBe(true);
  });

  it('may return on the same incumbent when the trial lies 2 days back, then 4', () => {
    const campaign = campaignOf({ variant: variantOf(one), state: 'rejected' });
    const triedAt = (...moments: readonly number[]): HistoryGround['tried'] =>
      triedChanges(
        moments.map((atMs) => ({
          ...campaign,
          history: [{ from: 'screened', to: 'rejected', atMs, reason: 'screened out' }],
        })),
        1,
        unknown,
      );
    const allowed = (tried: HistoryGround['tried'], nowMs: number): boolean =>
      mayPropose(variantOf(one), groundOf(baseline, [], { tried, nowMs }));
    expect(allowed(triedAt(0), screenedOutRestMs - 1)).toBe(false);
    expect(allowed(triedAt(0), screenedOutRestMs)).toBe(true);
    expect(allowed(triedAt(0, screenedOutRestMs), 3 * screenedOutRestMs - 1)).toBe(false);
    expect(allowed(triedAt(0, screenedOutRestMs), 3 * screenedOutRestMs)).toBe(true);
  });

  it('is not judged by what became of leaving another edit out, once that edit is gone', () => {
    const both = variantOf(one, two);
    const dropped = [{ variant: variantOf(two), parentId: both.id, state: 'rejected' as const, atMs: 500 }];
    const rollbacks = [{ atMs: 600, toVariantId: baselineVariantId }];
    expect(mayPropose(variantOf(two), groundOf(both, dropped, { rollbacks }))).toBe(false);
    expect(mayPropose(variantOf(two), groundOf(baseline, dropped))).toBe(false);
    expect(mayPropose(variantOf(two), groundOf(baseline, dropped, { rollbacks }))).toBe(true);
  });

  it('does not stand in the way of leaving other edits out', () => {
    const incumbent = variantOf(one, two);
    const added = { variant: incumbent, parentId: variantOf(one).id, state: 'shadow' as const };
    expect(mayPropose(variantOf(two), groundOf(incumbent, [added]))).toBe(true);
    const dropped = { variant: variantOf(two), parentId: incumbent.id, state: 'inconclusive' as const };
    expect(mayPropose(variantOf(two), groundOf(incumbent, [dropped]))).toBe(false);
  });

  it('is the same change under another intent', () => {
    const tried = [{ variant: variantOf(one), state: 'rejected' as const }];
    expect(mayPropose(variantOf(insert('one', 'for another reason')), groundOf(baseline, tried))).toBe(false);
  });

  it('is another change in company', () => {
    const tried = [{ variant: variantOf(one), state: 'rejected' as const }];
    expect(mayPropose(variantOf(one, two), groundOf(baseline, tried))).toBe(true);
  });

  it('does not bind the next version of the baseline', () => {
    const campaign = campaignOf({ variant: variantOf(one), state: 'rejected' });
    expect(triedChanges([campaign], 2, unknown)).toEqual([]);
  });
});

describe('a change that was rolled back', () => {
  const tried = [{ variant: variantOf(one), state: 'rolled-back' as const, atMs: 500 }];
  it.each([
    ['at once', {}, false],
    ['after one change of the incumbent', { incumbentChangesMs: [501] }, false],
    ['after two, one of which was the rollback itself', { incumbentChangesMs: [600, 500] }, false],
    ['after two', { incumbentChangesMs: [700, 600] }, true],
    ['just before 2 days', { nowMs: 500 + rolledBackRestMs - 1 }, false],
    ['after 2 days', { nowMs: 500 + rolledBackRestMs }, true],
  ])('may return %s: %s %s', (_, change, isAllowed) => {
    expect(mayPropose(variantOf(one), groundOf(baseline, tried, change))).toBe(isAllowed);
  });

  it('may return at once when the way back led past what it was added to', () => {
    const top = [
      { variant: variantOf(two, one), parentId: variantOf(two).id, state: 'rolled-back' as const, atMs: 500 },
    ];
    const to = (toVariantId: string): Partial<HistoryGround> => ({ rollbacks: [{ atMs: 500, toVariantId }] });
    expect(mayPropose(variantOf(one), groundOf(baseline, top, to(variantOf(two).id)))).toBe(false);
    expect(mayPropose(variantOf(one), groundOf(baseline, top, to(baselineVariantId)))).toBe(true);
  });
});

describe('what a candidate adds', () => {
  const edit = fc.record({ op: fc.constant('insert' as const), text: fc.string(), intent: fc.string() });
  const edits: fc.Arbitrary<readonly Edit[]> = fc.array(edit, { maxLength: 4 });

  it('is what stands behind its parent', () => {
    fc.assert(
      fc.property(edits, fc.array(edit, { minLength: 1, maxLength: 4 }), (before, added) => {
        const parent = makeVariant('t', 1, before);
        expect(addedEdits(makeVariant('t', 1, [...before, ...added]), parent.id)).toEqual(added);
      }),
    );
  });

  it('is nothing that can be told where it leaves an edit out', () => {
    expect(addedEdits(variantOf(two), variantOf(one, two).id)).toBeUndefined();
  });
});

describe('changes of the incumbent', () => {
  it('are plans whose incumbent is not that of the plan before', () => {
    const plan = (version: number, incumbentId: string): ServingPlan => ({
      ...firstPlan('task', 1, version * 100),
      version,
      incumbentId,
    });
    const plans = [plan(5, 'a'), plan(4, 'b'), plan(3, 'a'), plan(2, 'a'), plan(1, 'baseline')];
    expect(incumbentChanges(plans)).toEqual([500, 400, 200]);
    expect(rollbacksIn(plans)).toEqual([]);
    const cause = { kind: 'rolled-back', campaignId: null, reason: 'regression' } as const;
    expect(rollbacksIn([plan(6, 'a'), { ...plan(5, 'b'), cause }, plan(4, 'a')])).toEqual([
      { atMs: 500, toVariantId: 'b' },
    ]);
  });
});

describe('what an optimizer is told', () => {
  it('is the added edits, the outcome and when', () => {
    const campaigns = [
      campaignOf({ variant: variantOf(one), state: 'promoted', atMs: 7 }),
      campaignOf({ variant: variantOf(one, two), parentId: variantOf(one).id, state: 'shadow', atMs: 9 }),
    ];
    expect(triedChanges(campaigns, 1, unknown)).toMatchObject([
      { edits: [one], outcome: 'promoted', atMs: 7, score: null },
      { edits: [two], outcome: 'open', atMs: 9, score: null },
    ]);
  });
});
