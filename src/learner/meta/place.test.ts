import { describe, expect, it } from 'vitest';
import type { Campaign, CampaignState } from '../../domain/campaign.ts';
import { campaignOf, insert, variantOf } from '../fixtures.case.ts';
import { firstPlace, placesIn } from './place.ts';

interface Fields {
  readonly id: string;
  readonly optimizer: string;
  readonly atMs: number;
  readonly origin?: string;
}

function ended(state: CampaignState, { id, optimizer, atMs, origin }: Fields): Campaign {
  const campaign = campaignOf({ id, variant: variantOf(insert(id)), state, atMs });
  return { ...campaign, proposal: { ...campaign.proposal, optimizer, originCampaignId: origin ?? null } };
}

describe('the place of a task in its order', () => {
  const gain = ended('promoted', { id: 'a', optimizer: 'exemplars', atMs: 10 });
  const miss = ended('rejected', { id: 'b', optimizer: 'opro', atMs: 20 });
  const later = ended('promoted', { id: 'c', optimizer: 'protegi', atMs: 30 });

  it('is the last gain and the last miss since then, as of a moment', () => {
    const placeBefore = placesIn([later, miss, gain]);
    expect(placeBefore(10)).toEqual(firstPlace);
    expect(placeBefore(11)).toEqual({ gained: 'exemplars', missed: null });
    expect(placeBefore(21)).toEqual({ gained: 'exemplars', missed: 'opro' });
    expect(placeBefore(31)).toEqual({ gained: 'protegi', missed: null });
  });

  it('goes back to the gain before where one was rolled back', () => {
    const gone: Campaign = {
      ...later,
      state: 'rolled-back',
      history: [...later.history, { from: 'promoted', to: 'rolled-back', atMs: 40, reason: 'test' }],
    };
    const placeBefore = placesIn([gain, gone]);
    expect(placeBefore(35).gained).toBe('protegi');
    expect(placeBefore(41)).toEqual({ gained: 'exemplars', missed: 'protegi' });
  });

  it('knows a restart by who proposed it first, and counts it once', () => {
    const overtaken = ended('inconclusive', { id: 'd', optimizer: 'gepa', atMs: 11 });
    const restart = ended('promoted', { id: 'e', optimizer: 'rebase', atMs: 50, origin: 'd' });
    const placeBefore = placesIn([gain, overtaken, restart]);
    expect(placeBefore(20)).toEqual({ gained: 'exemplars', missed: null });
    expect(placeBefore(51)).toEqual({ gained: 'gepa', missed: null });
  });

  it('takes no notice of what is still open', () => {
    expect(placesIn([ended('canary', { id: 'f', optimizer: 'opro', atMs: 5 })])(100)).toEqual(firstPlace);
  });
});
