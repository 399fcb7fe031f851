import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDelay, delaysMax, delaysMin, firstWindowMs, observationWindowMs } from './observation-window.ts';

const dayMs = 86_400_000;
const delays = fc.array(fc.integer({ min: 0, max: 30 * dayMs }), {
  minLength: delaysMin,
  maxLength: delaysMax,
});

describe('observationWindowMs', () => {
  it.each([
    ['an hour while nothing is known', [], 7 * dayMs, firstWindowMs],
    ['the attribution window if that is shorter than an hour', [], 60_000, 60_000],
    ['an hour with 49 delays', Array.from({ length: 49 }, () => 5), 7 * dayMs, firstWindowMs],
    ['twice the only delay seen, from 50 on', Array.from({ length: 50 }, () => 5), 7 * dayMs, 10],
    [
      'twice the 95th of the delays 1 to 100, in any order',
      Array.from({ length: 100 }, (_, index) => ((index * 37) % 100) + 1),
      7 * dayMs,
      190,
    ],
    [
      'the attribution window where delays are longer',
      Array.from({ length: 60 }, () => 9 * dayMs),
      dayMs,
      dayMs,
    ],
  ])('is %s', (_, delaysMs, attributionWindowMs, expected) => {
    expect(observationWindowMs(delaysMs, attributionWindowMs)).toBe(expected);
  });

  it('never exceeds the attribution window, and half of it covers 95 % of the delays', () => {
    fc.assert(
      fc.property(delays, fc.integer({ min: 1, max: 30 * dayMs }), (delaysMs, attributionWindowMs) => {
        const windowMs = observationWindowMs(delaysMs, attributionWindowMs);
        expect(windowMs).toBeLessThanOrEqual(attributionWindowMs);
        const covered = delaysMs.filter((delayMs) => 2 * delayMs <= windowMs).length;
        if (windowMs < attributionWindowMs)
          expect(covered).toBeGreaterThanOrEqual(Math.ceil(0.95 * delaysMs.length));
      }),
    );
  });
});

describe('addDelay', () => {
  it('keeps the newest 200 in their order', () => {
    let kept: readonly number[] = [];
    for (let delayMs = 1; delayMs <= 450; delayMs++) kept = addDelay(kept, delayMs);
    expect(kept).toEqual(Array.from({ length: delaysMax }, (_, index) => 251 + index));
  });

  it('takes feedback that seems to come before its decision as immediate', () => {
    expect(addDelay([], -5)).toEqual([0]);
  });
});
