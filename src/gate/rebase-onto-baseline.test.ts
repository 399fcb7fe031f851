import { describe, expect, it } from 'vitest';
import type { Campaign } from '../domain/campaign.ts';
import type { Edit } from '../domain/edit.ts';
import { literalSkeleton } from '../domain/skeleton.ts';
import { makeVariant } from '../domain/variant.ts';
import { add, campaignOf, variant } from './rebase.case.ts';
import { rebaseOntoBaseline, type Learned, type Rebased } from './rebase-onto-baseline.ts';
import type { IsOneStep } from './split-into-steps.ts';

const change = (find: string, text: string): Edit => ({ op: 'replace', find, text, intent: 'x' });

interface OneRebased extends Rebased {
  readonly campaign: Campaign | null;
}

function rebase(
  learned: Partial<Learned>,
  prompt = 'Sort the ticket.',
  version = 2,
  isOneStep: IsOneStep | null = null,
): OneRebased {
  const baseline = { version, skeleton: literalSkeleton(prompt), stableFor: 20 };
  const rebased = rebaseOntoBaseline(
    { variant: variant(), parent: null, origin: null, ...learned },
    { taskId: 't', baseline, atMs: 99, isOneStep },
  );
  return { ...rebased, campaign: rebased.campaigns[0] ?? null };
}

describe('rebaseOntoBaseline', () => {
  it('proposes an incumbent’s edits anew, without any of what was measured', () => {
    const incumbent = variant(add('A'), add('B'));
    expect(rebase({ variant: incumbent, origin: campaignOf(incumbent) }).campaign).toMatchObject({
      state: 'proposed',
      frozenAtMs: 99,
      alphaLevel: null,
      verdict: null,
      incumbentId: 'baseline',
      proposal: {
        variant: makeVariant('t', 2, [add('A'), add('B')]),
        parentId: 'baseline',
        optimizer: 'rebase',
        originCampaignId: 'c1',
        shownDecisionIds: ['d1'],
        costUsd: 0,
      },
    });
  });

  it('proposes edits that are too many for one step side by side, each with an id of its own', () => {
    const incumbent = variant(add('A'), add('B'), add('C'));
    const twoAtMost: IsOneStep = (_, edits) => edits.length <= 2;
    const { campaigns } = rebase({ variant: incumbent }, 'Sort the ticket.', 2, twoAtMost);
    expect(campaigns.map(({ proposal }) => proposal.variant.edits)).toEqual([
      [add('A'), add('B')],
      [add('C')],
    ]);
    expect(new Set(campaigns.map(({ id }) => id)).size).toBe(2);
    expect(campaigns[0]?.id).toBe(rebase({ variant: incumbent }).campaign?.id);
  });

  it('leaves out what the new prompt says itself, and what has no place in it', () => {
    const incumbent = variant(add('Be kind.'), change('ticket', 'mail'), add('C'));
    const { campaign, carried } = rebase({ variant: incumbent }, 'Sort it. Be kind.');
    expect(campaign?.proposal.variant.edits).toEqual([add('C')]);
    expect(carried).toEqual({
      kept: [add('C')],
      contained: [add('Be kind.')],
      lost: [change('ticket', 'mail')],
    });
  });

  it('begins nothing where nothing is left', () => {
    expect(rebase({ variant: variant(change('absent', 'x')) }).campaign).toBeNull();
    expect(rebase({ variant: variant(add('Sort the ticket.')) }).campaign).toBeNull();
  });

  it('takes a candidate without its parent’s edits, unless it makes no sense without them', () => {
    const parent = variant(add('A'));
    const alone = rebase({ variant: variant(add('A'), add('B')), parent });
    expect(alone.campaign?.proposal.variant.edits).toEqual([add('B')]);
    const upon = rebase({ variant: variant(add('A'), change('A', 'A, twice')), parent });
    expect(upon.campaign?.proposal.variant.edits).toEqual([add('A'), change('A', 'A, twice')]);
  });

  it('has one id for each origin and version, again and again', () => {
    const incumbent = variant(add('A'));
    const idOf = (learned: Partial<Learned>, version: number): string | undefined =>
      rebase({ variant: incumbent, ...learned }, 'Sort the ticket.', version).campaign?.id;
    const origin = campaignOf(incumbent);
    expect(idOf({ origin }, 2)).toBe(idOf({ origin }, 2));
    expect(new Set([idOf({ origin }, 2), idOf({ origin }, 3), idOf({}, 2)]).size).toBe(3);
  });
});
