import { describe, expect, it } from 'vitest';
import type { Edit } from '../domain/edit.ts';
import { firstPlan, type ServingPlan } from '../domain/plan.ts';
import { literalSkeleton } from '../domain/skeleton.ts';
import type { Variant } from '../domain/variant.ts';
import { add, campaignOf, variant } from './rebase.case.ts';
import { rebaseCampaign } from './rebase.ts';
import { isBuiltUpon, placesOfRetreat } from './retreat.ts';

const baseline = literalSkeleton('Sort the ticket.');

describe('rebaseCampaign', () => {
  const ground = { baseline, parent: variant(), triedIds: new Set<string>(), atMs: 99 };

  it('puts what the candidate added on top of the new incumbent, as a new proposal', () => {
    const incumbent = variant(add('A'));
    const rebased = rebaseCampaign(campaignOf(variant(add('B')), variant().id), { ...ground, incumbent });
    expect(rebased).toMatchObject({
      state: 'proposed',
      frozenAtMs: 99,
      incumbentId: incumbent.id,
      alphaLevel: null,
      proposal: {
        variant: variant(add('A'), add('B')),
        parentId: incumbent.id,
        optimizer: 'rebase',
        originCampaignId: 'c1',
        shownDecisionIds: ['d1'],
        costUsd: 0,
      },
    });
  });

  it('gives the same id again, so that a restart happens once', () => {
    const restart = (): string | undefined =>
      rebaseCampaign(campaignOf(variant(add('B')), variant().id), { ...ground, incumbent: variant(add('A')) })
        ?.id;
    expect(restart()).toBe(restart());
  });

  it('leaves the edits of the old parent behind', () => {
    const parent = variant(add('A'));
    const ended = campaignOf(variant(add('A'), add('B')), parent.id);
    expect(rebaseCampaign(ended, { ...ground, parent, incumbent: variant() })?.proposal.variant).toEqual(
      variant(add('B')),
    );
  });

  const gone: Edit = { op: 'delete', find: 'ticket', intent: 'x' };
  it.each<[string, Variant, Variant, ReadonlySet<string>]>([
    [
      'the idea is part of the incumbent',
      variant(add('A')),
      variant({ ...add('A'), intent: 'else' }),
      new Set(),
    ],
    [
      'it no longer applies',
      variant({ op: 'replace', find: 'ticket', text: 'mail', intent: 'x' }),
      variant(gone),
      new Set(),
    ],
    ['it has been tried', variant(add('B')), variant(add('A')), new Set([variant(add('A'), add('B')).id])],
  ])('does not restart where %s', (_, candidate, incumbent, triedIds) => {
    expect(
      rebaseCampaign(campaignOf(candidate, variant().id), { ...ground, incumbent, triedIds }),
    ).toBeUndefined();
  });
});

describe('placesOfRetreat', () => {
  const history = (...incumbents: readonly [string, number][]): ServingPlan[] =>
    incumbents
      .map(([incumbentId, baselineVersion], index) => ({
        ...firstPlan('t', baselineVersion, index),
        version: index + 1,
        incumbentId,
      }))
      .toReversed();

  it.each<[string, readonly [string, number][], readonly string[], readonly string[]]>([
    [
      'the last incumbents, then the baseline',
      [
        ['baseline', 1],
        ['a', 1],
        ['b', 1],
        ['c', 1],
        ['d', 1],
      ],
      [],
      ['c', 'b', 'baseline'],
    ],
    [
      'not those that were rolled back',
      [
        ['baseline', 1],
        ['a', 1],
        ['b', 1],
        ['a', 1],
        ['c', 1],
      ],
      ['b'],
      ['a', 'baseline'],
    ],
    [
      'not those of an older baseline',
      [
        ['a', 1],
        ['baseline', 2],
        ['c', 2],
      ],
      [],
      ['baseline'],
    ],
    [
      'each one once',
      [
        ['a', 1],
        ['b', 1],
        ['a', 1],
        ['c', 1],
      ],
      [],
      ['a', 'b', 'baseline'],
    ],
    [
      'none from the baseline itself',
      [
        ['a', 1],
        ['baseline', 1],
      ],
      [],
      [],
    ],
  ])('%s', (_, incumbents, rolledBack, expected) => {
    expect(placesOfRetreat(history(...incumbents), new Set(rolledBack))).toEqual(expected);
  });
});

describe('isBuiltUpon', () => {
  it('finds descendants by their edits', () => {
    expect(isBuiltUpon(variant(add('A'), add('B')), variant(add('A')))).toBe(true);
    expect(isBuiltUpon(variant(add('A')), variant(add('A')))).toBe(true);
    expect(isBuiltUpon(variant(add('B')), variant(add('A')))).toBe(false);
    expect(isBuiltUpon(variant(), variant(add('A')))).toBe(false);
  });
});
