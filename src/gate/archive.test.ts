import { describe, expect, it } from 'vitest';
import type { Campaign, CampaignState } from '../domain/campaign.ts';
import { firstPlan } from '../domain/plan.ts';
import { makeVariant } from '../domain/variant.ts';
import { archiveOf } from './archive.ts';
import { decidePrunings } from './burst.ts';
import { pruningsOf } from './prunings.ts';

const edit = (text: string) => ({ op: 'insert', text, intent: 'test' }) as const;

function campaignOf(
  name: string,
  state: CampaignState,
  given: {
    readonly atMs?: number;
    readonly wasPromoted?: boolean;
    readonly mean?: number;
    readonly version?: number;
  } = {},
): Campaign {
  const { atMs = 0, wasPromoted = false, mean, version = 1 } = given;
  const moves: readonly CampaignState[] = wasPromoted ? ['promoted', state] : [state];
  return {
    id: name,
    taskId: 'task',
    revision: 1,
    state,
    proposal: {
      variant: makeVariant('task', version, [edit(name)]),
      parentId: 'baseline',
      optimizer: 'test',
      originCampaignId: null,
      shownDecisionIds: [],
      shownTraceIds: [],
      costUsd: 0,
      atMs,
    },
    incumbentId: 'baseline',
    frozenAtMs: atMs,
    screening: null,
    alphaLevel: null,
    verdict:
      mean === undefined
        ? null
        : {
            kind: 'inconclusive',
            reason: 'test',
            evidence: {
              pairs: 100,
              meanDifference: mean,
              logSuperiority: 0,
              logHarm: 0,
              logFutility: 0,
              logThreshold: 6,
              guardrails: [],
            },
          },
    canary: null,
    history: moves.map((to) => ({ from: 'canary', to, atMs, reason: 'test' })),
  };
}

describe('the archive of a task', () => {
  const plan = firstPlan('task', 1, 0);
  const namesOf = (campaigns: readonly Campaign[], present = plan): readonly string[] =>
    archiveOf(campaigns, present, 9).map(({ variant }) =>
      variant.edits.map((each) => ('text' in each ? each.text : '')).join(),
    );

  it('has what served once, the newest first, then what looked best', () => {
    expect(
      namesOf([
        campaignOf('old', 'promoted', { atMs: 1 }),
        campaignOf('back', 'rolled-back', { atMs: 2, wasPromoted: true }),
        campaignOf('near', 'inconclusive', { atMs: 3, mean: 0.02 }),
        campaignOf('nearer', 'inconclusive', { atMs: 4, mean: 0.04 }),
      ]),
    ).toEqual(['back', 'old', 'nearer']);
  });

  it('has nothing that was rejected, looked worse, harmed as a canary, serves, or was written for another prompt', () => {
    const serving = campaignOf('serving', 'promoted');
    const arm = { variantId: serving.proposal.variant.id, status: 'incumbent', cap: 1 } as const;
    const campaigns = [
      serving,
      campaignOf('rejected', 'rejected', { mean: 0.1 }),
      campaignOf('worse', 'inconclusive', { mean: -0.01 }),
      campaignOf('canary', 'rolled-back'),
      campaignOf('other', 'promoted', { version: 2 }),
    ];
    expect(namesOf(campaigns, { ...plan, arms: [...plan.arms, arm], incumbentId: arm.variantId })).toEqual(
      [],
    );
  });
});

describe('a prompt without each of its edits', () => {
  it('leaves out the newest first, and nothing of a prompt of one edit', () => {
    const variant = makeVariant('task', 1, [edit('a'), edit('b'), edit('c')]);
    const known = new Set([makeVariant('task', 1, [edit('a'), edit('b')]).id]);
    expect(pruningsOf(variant, known).map(({ without }) => without)).toEqual([edit('b'), edit('a')]);
    expect(pruningsOf(makeVariant('task', 1, [edit('a')]), new Set())).toEqual([]);
  });

  it.each([
    ['is better by far', { '-100': 60, '0': 100, '100': 10 }, false, 'hurt-edit'],
    ['is worse', { '-100': 10, '0': 100, '100': 60 }, false, 'none'],
    ['is not known yet', { '0': 20 }, false, 'continue'],
    ['cannot be known any more', { '0': 20 }, true, 'none'],
  ] as const)('that %s', (_name, differences, isOver, kind) => {
    expect(decidePrunings([{ opponentId: 'x', differences }], isOver).kind).toBe(kind);
  });
});
