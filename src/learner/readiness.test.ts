import { describe, expect, it } from 'vitest';
import { banditFold } from '../bandit/fold.ts';
import { firstPlan } from '../domain/plan.ts';
import { makeVariant, type Variant } from '../domain/variant.ts';
import type { TaskSnapshot } from '../store/plan-store.ts';
import { insert, taskOf } from './fixtures.case.ts';
import { isSettled } from './readiness.ts';

function viewOf(change: {
  readonly version?: number;
  readonly planVersion?: number;
  readonly incumbent?: Variant;
  readonly stableFor?: number;
}): TaskSnapshot {
  const { version = 1, planVersion = version, stableFor = 20 } = change;
  const incumbent = change.incumbent ?? makeVariant('task', 1, []);
  const plan = { ...firstPlan('task', planVersion, 0), incumbentId: incumbent.id };
  const bandit = banditFold.start(firstPlan('task', planVersion, 0));
  return {
    task: taskOf({}, { version, stableFor }),
    plan,
    variants: [incumbent],
    routing: bandit.routing,
    bandit,
  };
}

describe('a task is settled', () => {
  it.each<[string, Parameters<typeof viewOf>[0], boolean]>([
    ['when its prompt has been the same 20 times', {}, true],
    ['not before', { stableFor: 19 }, false],
    ['not while its plan is about an older prompt', { version: 2, planVersion: 1 }, false],
    ['with an incumbent of this prompt', { incumbent: makeVariant('task', 1, [insert('x')]) }, true],
    [
      'not with an incumbent of an older prompt',
      { version: 2, incumbent: makeVariant('task', 1, [insert('x')]) },
      false,
    ],
    ['with the baseline, whatever version it was first seen under', { version: 2 }, true],
  ])('%s', (_, change, expected) => {
    expect(isSettled(viewOf(change))).toBe(expected);
  });

  it('not when the incumbent is not known', () => {
    expect(isSettled({ ...viewOf({}), variants: [] })).toBe(false);
  });
});
