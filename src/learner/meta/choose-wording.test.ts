import { describe, expect, it } from 'vitest';
import type { Campaign, CampaignState } from '../../domain/campaign.ts';
import type { DrawnWording } from '../../domain/proposal.ts';
import { baselineVariantId } from '../../domain/variant.ts';
import { createSeededRandom } from '../../runtime/seeded-random.ts';
import { campaignOf, insert, variantOf } from '../fixtures.case.ts';
import { chooseWording, wordingShares } from './choose-wording.ts';
import { firstPlace } from './place.ts';
import { barrenTurn } from './setup-outcomes.ts';
import { barrenWordings, wordingTurns, type WordingTurn } from './wording-turns.ts';
import { wordings } from './wordings.ts';

const drawn: DrawnWording = { id: 'what-to-do', propensity: 0.1 };

interface Fields {
  readonly id: string;
  readonly atMs?: number;
  readonly meanDifference?: number;
  readonly origin?: string;
  readonly wording?: DrawnWording;
}

function worded(
  state: CampaignState,
  { id, atMs = 1, meanDifference, origin, wording = drawn }: Fields,
): Campaign {
  const measured = meanDifference === undefined ? {} : { meanDifference };
  const campaign = campaignOf({ id, variant: variantOf(insert(id)), state, ...measured });
  const setup =
    origin === undefined ? ({ batchSize: null, horizon: 'episode', calls: 1, wording } as const) : undefined;
  const proposal = { ...campaign.proposal, atMs, originCampaignId: origin ?? null, ...(setup && { setup }) };
  return { ...campaign, proposal };
}

const rewards = (...campaigns: readonly Campaign[]): readonly number[] =>
  wordingTurns(campaigns).map(({ reward }) => reward);

describe('what a turn is worth to its wording', () => {
  it('follows what became of its proposals', () => {
    expect(rewards(worded('promoted', { id: 'a' }))).toEqual([1]);
    expect(rewards(worded('canary', { id: 'a' }))).toEqual([1]);
    expect(rewards(worded('rolled-back', { id: 'a', meanDifference: 0.3 }))).toEqual([0]);
    expect(rewards(worded('rejected', { id: 'a' }))).toEqual([0]);
    expect(rewards(worded('rejected', { id: 'a', meanDifference: -0.1 }))).toEqual([0]);
    expect(rewards(worded('inconclusive', { id: 'a', meanDifference: 0.02 }))[0]).toBeCloseTo(0.3);
    expect(rewards(worded('shadow', { id: 'a' }))).toEqual([]);
  });

  it('is the mean over the proposals of one turn, and turns keep their order', () => {
    const turns = wordingTurns([
      worded('rejected', { id: 'c', atMs: 9, wording: { id: 'one-sentence', propensity: 0.2 } }),
      worded('promoted', { id: 'a' }),
      worded('rejected', { id: 'b' }),
    ]);
    expect(turns).toEqual([
      { ...drawn, reward: 0.5 },
      { id: 'one-sentence', propensity: 0.2, reward: 0 },
    ]);
  });

  it('counts a restarted proposal once, by its restart', () => {
    const overtaken = worded('inconclusive', { id: 'a', meanDifference: 0 });
    expect(rewards(overtaken, worded('promoted', { id: 'b', atMs: 5, origin: 'a' }))).toEqual([1]);
  });

  it('is nothing where the turn came to nothing, and unknown where no wording was drawn', () => {
    const setup = {
      optimizer: 'opro',
      batchSize: 3,
      horizon: 'episode',
      place: firstPlace,
      reason: '',
    } as const;
    expect(barrenWordings([barrenTurn({ ...setup, wording: drawn }, 1), barrenTurn(setup, 1)])).toEqual([
      { ...drawn, reward: 0 },
    ]);
    expect(wordingTurns([campaignOf({ variant: variantOf(insert('x')), state: 'promoted' })])).toEqual([]);
  });
});

/** Turns in a world where each wording is worth so much, drawn as the learner would. */
function played(count: number, worthOf: (id: string) => number): readonly WordingTurn[] {
  const random = createSeededRandom(4);
  const turns: WordingTurn[] = [];
  for (let turn = 0; turn < count; turn += 1) {
    const wording = chooseWording(turns, random);
    turns.push({ ...wording, reward: random.next() < worthOf(wording.id) ? 1 : 0 });
  }
  return turns;
}

describe('the choice of a wording', () => {
  it('leaves most turns to the instruction as it stands, and some to every wording', () => {
    for (const turns of [[], played(100, (id) => (id === baselineVariantId ? 0.1 : 0.9))]) {
      const shares = wordingShares(turns);
      expect(Object.keys(shares)).toEqual([...wordings.keys()]);
      expect(Object.values(shares).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
      expect(shares[baselineVariantId]).toBeGreaterThanOrEqual(0.4 - 1e-9);
      for (const share of Object.values(shares)) expect(share).toBeGreaterThan(0);
    }
  });

  it('logs the probability that it drew with', () => {
    const turns = played(40, () => 0.3);
    const { id, propensity } = chooseWording(turns, createSeededRandom(8));
    expect(propensity).toBe(wordingShares(turns)[id]);
  });

  it('leaves a wording whose proposals fail', () => {
    const shares = wordingShares(played(200, (id) => (id === 'one-sentence' ? 0 : 0.5)));
    expect(shares['one-sentence']).toBeLessThan(0.5 * (shares['most-requests'] ?? 0));
  });

  it('takes no notice of wordings that are gone', () => {
    expect(wordingShares([{ id: 'of an earlier release', propensity: 0.5, reward: 1 }])).toEqual(
      wordingShares([]),
    );
  });
});
