import { describe, expect, it } from 'vitest';
import { canaryFeedbacksMax, canaryMsMax, decideCanary, type CanaryRun } from './canary.ts';
import { isBelowZero, standardErrorOf } from './histogram-error.ts';

const young: CanaryRun = { share: 0.01, feedbacks: 100, ageMs: 1000, isAlarmed: false, live: {} };

describe('decideCanary', () => {
  it.each<[string, Partial<CanaryRun>, string]>([
    ['waits while its share is small', { live: { '100': 30 } }, 'wait'],
    ['is promoted at half of the traffic', { share: 0.5, live: { '0': 40, '100': 5, '-100': 5 } }, 'promote'],
    ['is promoted without live contrasts, its proof being the shadow test', { share: 0.6 }, 'promote'],
    ['waits while live contrasts look bad', { share: 0.6, live: { '0': 80, '-100': 14, '100': 5 } }, 'wait'],
    ['is rolled back for harm at any share', { live: { '-100': 14 } }, 'roll-back'],
    ['waits while an alarm is looked into', { share: 0.9, isAlarmed: true }, 'wait'],
    ['is stopped after too many feedbacks', { share: 0.49, feedbacks: canaryFeedbacksMax + 1 }, 'stop'],
    ['is stopped after too long a time', { share: 0.49, ageMs: canaryMsMax + 1 }, 'stop'],
    ['is promoted rather than stopped', { share: 0.5, feedbacks: canaryFeedbacksMax + 1 }, 'promote'],
  ])('%s', (_, change, expected) => {
    expect(decideCanary({ ...young, ...change }).kind).toBe(expected);
  });
});

describe('standardErrorOf', () => {
  it('is that of the sample', () => {
    expect(standardErrorOf({ '100': 2, '-100': 2 })).toBeCloseTo(Math.sqrt(4 / 3 / 4), 12);
    expect(standardErrorOf({ '100': 1 })).toBeNull();
  });

  it('tells what is below zero', () => {
    expect(isBelowZero({ '-100': 1 }, 1.5)).toBe(false);
    expect(isBelowZero({ '-10': 5 }, 1.5)).toBe(true);
    expect(isBelowZero({ '0': 5 }, 1.5)).toBe(false);
  });
});
