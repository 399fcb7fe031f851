import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LiveMatching } from '../domain/gate-state.ts';
import type { RewardEvent } from '../store/feedback-store.ts';
import { contrastRewards, type LiveContrast } from './live-contrast.ts';

const arms = { candidateId: 'new', incumbentId: 'old', sinceMs: 0 };
const nothing: LiveMatching = { campaignId: 'c', waiting: [], unused: [] };

function event(sequence: number, variantId: string, decidedAtMs: number, reward: number): RewardEvent {
  return {
    sequence,
    episodeId: `e${sequence}`,
    variantId,
    propensity: 0.5,
    planVersion: 2,
    reward,
    atMs: decidedAtMs,
    decidedAtMs,
  };
}

describe('contrastRewards', () => {
  it('takes the nearer of the rewards before and after', () => {
    const events = [
      event(1, 'old', 10, 0),
      event(2, 'new', 18, 1),
      event(3, 'old', 20, 0.5),
      event(4, 'new', 21, 1),
      event(5, 'old', 90, 0),
    ];
    const { contrasts, matching } = contrastRewards(nothing, events, arms);
    expect(contrasts).toEqual([
      { episodeId: 'e2', difference: 0.5 },
      { episodeId: 'e4', difference: 1 },
    ]);
    expect(matching.unused.map(({ episodeId }) => episodeId)).toEqual(['e5']);
  });

  it('ignores other arms, and what was decided before both arms served', () => {
    const events = [
      event(1, 'old', 5, 1),
      event(2, 'else', 11, 1),
      event(3, 'new', 12, 0),
      event(4, 'old', 13, 1),
    ];
    expect(contrastRewards(nothing, events, { ...arms, sinceMs: 10 }).contrasts).toEqual([
      { episodeId: 'e3', difference: -1 },
    ]);
  });

  const stream = fc
    .array(fc.tuple(fc.constantFrom('new', 'old', 'else'), fc.nat(50), fc.constantFrom(0, 0.5, 1)), {
      maxLength: 60,
    })
    .map((draws) =>
      draws.map(([arm, at, reward], index) => event(index + 1, arm, index * 10 + at + 1, reward)),
    );

  it('gives the same contrasts however the events are cut', () => {
    fc.assert(
      fc.property(stream, fc.nat(60), (events, cut) => {
        const whole = contrastRewards(nothing, events, arms);
        const first = contrastRewards(nothing, events.slice(0, cut), arms);
        const second = contrastRewards(first.matching, events.slice(cut), arms);
        expect([...first.contrasts, ...second.contrasts]).toEqual(whole.contrasts);
        expect(second.matching).toEqual(whole.matching);
      }),
    );
  });

  it('uses every reward at most once', () => {
    fc.assert(
      fc.property(stream, (events) => {
        const { contrasts } = contrastRewards(nothing, events, arms);
        const count = (arm: string): number => events.filter(({ variantId }) => variantId === arm).length;
        expect(new Set(contrasts.map(({ episodeId }: LiveContrast) => episodeId)).size).toBe(
          contrasts.length,
        );
        expect(contrasts.length).toBeLessThanOrEqual(Math.min(count('new'), count('old')));
      }),
    );
  });
});
