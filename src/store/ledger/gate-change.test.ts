import { describe, expect, it } from 'vitest';
import { samplePlan, sampleVariant } from '../samples.case.ts';
import { armVariants, retiredBy } from './gate-change.ts';

const before = samplePlan(4, ['v1', 'v2'], { kind: 'first' });

describe('retiredBy', () => {
  it.each([
    ['a roll-back retires the arms that it took away', 'rolled-back', ['v2'], { v0: 2, v1: 5 }],
    ['a stopped trial retires nothing', 'canary-stopped', ['v2'], { v0: 2 }],
    [
      'a changed baseline retires every arm before it',
      'baseline-changed',
      [],
      { v0: 2, baseline: 5, v1: 5, v2: 5 },
    ],
  ] as const)('%s', (_, kind, arms, expected) => {
    const causes = {
      'rolled-back': { kind: 'rolled-back', campaignId: null, reason: 'operator' },
      'canary-stopped': { kind: 'canary-stopped', campaignId: 'c1', reason: 'futile' },
      'baseline-changed': { kind: 'baseline-changed' },
    } as const;
    expect(retiredBy({ v0: 2 }, before, samplePlan(5, arms, causes[kind]))).toEqual(expected);
  });

  it('renews the retirement of an arm that is rolled back again', () => {
    const again = samplePlan(5, ['v2'], { kind: 'rolled-back', campaignId: null, reason: 'regression' });
    expect(retiredBy({ v1: 3 }, before, again)).toEqual({ v1: 5 });
  });
});

describe('armVariants', () => {
  it('finds every arm, the baseline without being stored, and throws for one that is missing', () => {
    const variant = sampleVariant();
    const plan = samplePlan(2, [variant.id], { kind: 'first' });
    expect(armVariants(plan, () => variant).map(({ id }) => id)).toEqual(['baseline', variant.id]);
    expect(() => armVariants(plan, () => undefined)).toThrow(/no variant/);
  });
});
