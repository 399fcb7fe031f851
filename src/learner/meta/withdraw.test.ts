import { describe, expect, it } from 'vitest';
import type { Campaign } from '../../domain/campaign.ts';
import { literalSkeleton } from '../../domain/skeleton.ts';
import { campaignOf, insert, prompt, variantOf, verdictOf } from '../fixtures.case.ts';
import { effectPrior } from './effect-prior.ts';
import { roomFor } from './pace.ts';
import { giveUp } from './withdraw.ts';

/** A test of an edit after so many pairs. */
function testAfter(pairs: number, meanDifference: number, logSuperiority: number): Campaign {
  const campaign = campaignOf({ variant: variantOf(insert('Be brief.')), state: 'shadow', meanDifference });
  const { evidence } = verdictOf(meanDifference);
  return {
    ...campaign,
    verdict: { kind: 'continue', reason: 'test', evidence: { ...evidence, pairs, logSuperiority } },
  };
}

const priorOf = (campaign: Campaign): ReturnType<typeof effectPrior> =>
  effectPrior({
    taskId: 'task',
    baseline: { version: 1, skeleton: literalSkeleton(prompt), stableFor: 99 },
    campaigns: [campaign],
    credited: [],
    experience: [],
  });

/** Binary scores: so many better, worse and alike. */
const histogram = (better: number, worse: number, alike: number): Record<string, number> => ({
  '100': better,
  '-100': worse,
  '0': alike,
});

describe('a test', () => {
  it('is given up where much has shown little, as undecided, with its evidence', () => {
    const campaign = testAfter(300, 0, 0.2);
    const given = giveUp(campaign, priorOf(campaign), histogram(45, 45, 210));
    expect(given?.verdict).toMatchObject({ kind: 'inconclusive', evidence: { pairs: 300 } });
    expect(given?.verdict.reason).toMatch(/^given up after 300 pairs: /);
  });

  it('goes on where it shows a gain, or is nearly shown', () => {
    const gaining = testAfter(100, 0.12, 3);
    expect(giveUp(gaining, priorOf(gaining), histogram(24, 12, 64))).toBeUndefined();
    const nearly = testAfter(900, 0.045, 5.6);
    expect(giveUp(nearly, priorOf(nearly), histogram(140, 100, 660))).toBeUndefined();
  });

  it('that takes something away is left to the gate', () => {
    const campaign = testAfter(300, 0, 0.2);
    const pruning = { ...campaign, proposal: { ...campaign.proposal, parentId: 'another' } };
    expect(giveUp(pruning, priorOf(campaign), histogram(45, 45, 210))).toBeUndefined();
  });
});

describe('the room for further tests', () => {
  const open = testAfter(10, 0, 0);
  const { verdict } = open;
  const passed: Campaign = {
    ...open,
    ...(verdict === null ? {} : { verdict: { ...verdict, kind: 'promote' } }),
  };

  it.each([
    [undefined, [], 3],
    [undefined, [open], 2],
    [undefined, [open, open, open], 0],
    [undefined, [passed], 3],
    [undefined, [passed, passed, passed, passed], 0],
    ['turns', [open], 3],
    ['turns', [], 4],
  ] as const)('with choice %s and %o is %i', (choice, campaigns, room) => {
    const learner = { optimizers: [], openCampaignsMax: 4, ...(choice === undefined ? {} : { choice }) };
    expect(roomFor(learner, campaigns)).toBe(room);
  });
});
