import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '../runtime/seeded-random.ts';
import { afterRound, isRoundDue, startPinned } from './pinned-watch.ts';

const ids = Array.from({ length: 20 }, (_, index) => `d${index}`);
const dayMs = 86_400_000;

/** Rounds of 20 requests, each as stable as it is by nature, less `fall` from round `changeAt` on. */
function roundsUntilChange(seed: number, rounds: number, changeAt: number, fall: number): number | undefined {
  const random = createSeededRandom(seed);
  const nature = ids.map(() => 0.6 + 0.4 * random.next());
  let pinned = startPinned(1, ids, 0);
  for (let round = 0; round < rounds; round++) {
    const likenesses = nature.map((mean) =>
      random.next() < mean - (round >= changeAt ? fall : 0) ? 1 : 0.2,
    );
    const after = afterRound(pinned, round === 0 ? [] : likenesses, round);
    if (after.isChanged) return round;
    pinned = after.pinned;
  }
  return undefined;
}

describe('the watch over pinned requests', () => {
  it('raises no alarm in a year of a model that answers by chance, in 38 of 40 runs or more', () => {
    const alarms = Array.from({ length: 40 }, (_, seed) => roundsUntilChange(seed, 365, Infinity, 0)).filter(
      (round) => round !== undefined,
    );
    expect(alarms.length).toBeLessThanOrEqual(2);
  });

  it('notices that answers are no longer what they were within a week, in 9 runs of 10', () => {
    const late = Array.from({ length: 30 }, (_, seed) => roundsUntilChange(100 + seed, 40, 20, 0.5)).filter(
      (round) => round === undefined || round > 27,
    );
    expect(late.length).toBeLessThanOrEqual(3);
  });

  it('asks four rounds at once, then one a day', () => {
    let pinned = startPinned(1, ids, 0);
    for (let round = 0; round < 4; round++) {
      expect(isRoundDue(pinned, 0)).toBe(true);
      ({ pinned } = afterRound(pinned, round === 0 ? [] : ids.map(() => 1), 0));
    }
    expect(isRoundDue(pinned, dayMs - 1)).toBe(false);
    expect(isRoundDue(pinned, dayMs)).toBe(true);
  });
});
