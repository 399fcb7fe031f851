import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  campaignMoves,
  isLegalMove,
  isOpen,
  moveCampaign,
  promotableByHand,
  type Campaign,
  type CampaignState,
} from './campaign.ts';
import { makeVariant } from './variant.ts';

const states = Object.keys(campaignMoves) as CampaignState[];

function campaignIn(state: CampaignState): Campaign {
  return {
    id: 'c',
    taskId: 't',
    revision: 3,
    state,
    proposal: {
      variant: makeVariant('t', 1, [{ op: 'insert', text: 'x', intent: 'i' }]),
      parentId: 'baseline',
      optimizer: 'opro',
      originCampaignId: null,
      shownDecisionIds: [],
      shownTraceIds: [],
      costUsd: 0,
      atMs: 0,
    },
    incumbentId: 'baseline',
    frozenAtMs: 0,
    screening: null,
    alphaLevel: null,
    verdict: null,
    canary: null,
    history: [],
  };
}

describe('campaign', () => {
  it('is promoted past the gate by a person alone, once it was screened, and never again without one', () => {
    const byHand = { by: 'ada', atMs: 7 };
    for (const from of states) {
      const promote = (): Campaign =>
        moveCampaign(campaignIn(from), 'promoted', { atMs: 7, reason: 'because', byHand });
      if (promotableByHand.includes(from)) expect(promote()).toMatchObject({ state: 'promoted', byHand });
      else expect(promote).toThrow(RangeError);
    }
    expect(isLegalMove('shadow', { state: 'promoted' })).toBe(false);
  });

  it('moves only along the table, and every move is remembered', () => {
    fc.assert(
      fc.property(fc.constantFrom(...states), fc.constantFrom(...states), (from, to) => {
        const move = (): Campaign => moveCampaign(campaignIn(from), to, { atMs: 7, reason: 'because' });
        if (!campaignMoves[from].includes(to)) expect(move).toThrow(RangeError);
        else
          expect(move()).toMatchObject({
            state: to,
            revision: 4,
            history: [{ from, to, atMs: 7, reason: 'because' }],
          });
      }),
    );
  });

  it('reaches promoted only through shadow and canary', () => {
    const before = (state: CampaignState): CampaignState[] =>
      states.filter((from) => campaignMoves[from].includes(state));
    expect(before('promoted')).toEqual(['canary']);
    expect(before('canary')).toEqual(['shadow']);
  });

  it('is closed exactly in the states that lead to no promotion any more', () => {
    expect(states.filter((state) => !isOpen(state))).toEqual([
      'promoted',
      'rejected',
      'inconclusive',
      'rolled-back',
    ]);
  });
});
