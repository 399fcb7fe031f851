import { describe, expect, it } from 'vitest';
import type { Campaign } from '../domain/campaign.ts';
import { addDifference, type Histogram } from '../domain/histogram.ts';
import { makeVariant } from '../domain/variant.ts';
import { createSeededRandom } from '../runtime/seeded-random.ts';
import type { EpisodeOutcome } from '../store/outcome-store.ts';
import { promotionOutcome, shrinkageOf, type PromotionOutcome } from './shrinkage.ts';
import { campaignFor } from './small-agent-records.case.ts';

const variant = makeVariant('task', 1, [{ op: 'insert', text: 'Be brief.', intent: 'test' }]);
const campaign: Campaign = {
  ...campaignFor(variant, { id: 'c1', incumbentId: 'baseline', atMs: 0 }),
  revision: 5,
  state: 'promoted',
  alphaLevel: 0.002,
  canary: { startedAtMs: 5, atFeedback: 100 },
  history: [{ from: 'canary', to: 'promoted', atMs: 9, reason: 'test' }],
};

/** Episodes whose rewards drift by .3, while the candidate takes over and is better by `effect`. */
function episodes(count: number, effect: number): readonly EpisodeOutcome[] {
  const random = createSeededRandom(3);
  return Array.from({ length: count }, (_, index) => {
    const share = 0.1 + (0.8 * index) / count;
    const isCandidate = random.next() < share;
    const chance = 0.3 + (0.3 * index) / count + (isCandidate ? effect : 0);
    return {
      episodeId: `e${index}`,
      variantId: isCandidate ? variant.id : 'baseline',
      propensity: isCandidate ? share : 1 - share,
      planVersion: 2,
      decidedAtMs: index,
      segment: null,
      reward: random.next() < chance ? 1 : 0,
      values: {},
      latencyMs: null,
      costUsd: null,
    };
  });
}

function pairs(better: number, worse: number, equal: number): Histogram {
  const add = (histogram: Histogram, difference: number, times: number): Histogram =>
    Array.from({ length: times }).reduce<Histogram>((sum) => addDifference(sum, difference), histogram);
  return add(add(add({}, 1, better), -1, worse), 0, equal);
}

function outcomeWith(shadow: number, live: number, standardError: number): PromotionOutcome {
  return {
    campaignId: 'c',
    variantId: 'v',
    incumbentId: 'baseline',
    optimizer: 'opro',
    state: 'promoted',
    promotedAtMs: 0,
    shadow: { mean: shadow, standardError: 0.01, pairs: 100 },
    live: {
      mean: live,
      standardError,
      low: live - 2 * standardError,
      high: live + 2 * standardError,
      candidateEpisodes: 100,
      incumbentEpisodes: 100,
    },
  };
}

describe('what came of a promotion', () => {
  it('is the effect on live rewards, not what drifted while the candidate took over', () => {
    const found = promotionOutcome(campaign, pairs(30, 10, 60), episodes(6000, 0.1));
    expect(found).toMatchObject({ promotedAtMs: 9, shadow: { mean: 0.2, pairs: 100 } });
    expect(found.live?.mean).toBeGreaterThan(0.06);
    expect(found.live?.mean).toBeLessThan(0.14);
    expect(found.live?.low).toBeGreaterThan(0);
  });

  it('is not known where the arms did not serve side by side, or nothing is stored any more', () => {
    const alone = episodes(500, 0.1).filter(({ variantId }) => variantId === variant.id);
    expect(promotionOutcome(campaign, {}, alone)).toMatchObject({ live: null, shadow: null });
    expect(promotionOutcome(campaign, {}, []).live).toBeNull();
  });
});

describe('shrinkage', () => {
  it('weighs promotions by how well their live value is known', () => {
    const report = shrinkageOf([outcomeWith(0.1, 0.08, 0.01), outcomeWith(0.2, -0.2, 10)]);
    expect(report.compared).toBe(2);
    expect(report.kept?.ratio).toBeCloseTo(0.8, 4);
    expect(report.kept?.standardError).toBeCloseTo(0.1, 4);
    expect(report.liveMean).toBeCloseTo(0.08, 4);
  });

  it('counts promotions whose live interval lies below zero, and gives no figure without any', () => {
    expect(shrinkageOf([outcomeWith(0.1, -0.1, 0.02), outcomeWith(0.1, -0.01, 0.02)]).harmful).toBe(1);
    expect(shrinkageOf([])).toEqual({
      promotions: [],
      compared: 0,
      shadowMean: null,
      liveMean: null,
      kept: null,
      harmful: 0,
    });
  });
});
