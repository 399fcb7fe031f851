import { describe, expect, it } from 'vitest';
import type { ErrorBudget } from '../domain/gate-state.ts';
import { addDifference, type Histogram } from '../domain/histogram.ts';
import type { Random } from '../domain/random.ts';
import { defaultTaskConfig, type TaskConfig } from '../domain/task.ts';
import type { Verdict } from '../domain/verdict.ts';
import { createSeededRandom } from '../runtime/seeded-random.ts';
import { countPromotion, startTest } from './error-budget.ts';
import { termsOfTest } from './terms-of-test.ts';
import { judgeLedgers } from './verdict.ts';

const gate = defaultTaskConfig.gate;
/** Nothing but superiority can end a test here, which is the worst case for false promotions. */
const patient: TaskConfig = { ...defaultTaskConfig, gate: { ...gate, mde: -0.5 } };

/** A test that looks after every 10 pairs until it has ended. */
function test(config: TaskConfig, alphaLevel: number, draw: () => number): Verdict['kind'] {
  let primary: Histogram = {};
  for (;;) {
    for (let pair = 0; pair < 10; pair++) primary = addDifference(primary, draw());
    const { verdict } = judgeLedgers({ primary }, { terms: termsOfTest(config), alphaLevel });
    if (verdict.kind !== 'continue') return verdict.kind;
  }
}

function tests(config: TaskConfig, count: number, draw: (index: number) => number): Verdict['kind'][] {
  let budget: ErrorBudget = { tests: 0, promotionsInBlock: 0 };
  return Array.from({ length: count }, (_, index) => {
    const started = startTest(budget, `c${index}`, gate);
    const kind = test(config, started.alphaLevel, () => draw(index));
    budget =
      kind === 'promote' ? countPromotion(started.errorBudget, `c${index}`, gate) : started.errorBudget;
    return kind;
  });
}

/** Right or wrong on both sides: one answer in five differs, for the better with the given chance. */
function discordant(random: Random, better: number): number {
  if (random.next() >= 0.2) return 0;
  return random.next() < better ? 1 : -1;
}

describe('false promotions', () => {
  it('among 200 worthless candidates stay within the error budget', () => {
    const random = createSeededRandom(5);
    const promoted = tests(patient, 200, () => discordant(random, 0.5)).filter((kind) => kind === 'promote');
    // At most α for each of 8 blocks is expected, .4 in all; a Poisson count of that mean exceeds 3 once in 1,300 runs.
    expect(promoted.length).toBeLessThanOrEqual(3);
  });

  it('of harmful candidates do not happen, and useful ones are found', () => {
    const random = createSeededRandom(6);
    const kinds = tests(defaultTaskConfig, 40, (index) => discordant(random, index % 2 === 0 ? 0.25 : 0.75));
    expect(kinds.filter((_, index) => index % 2 === 0)).not.toContain('promote');
    expect(kinds.filter((kind, index) => index % 2 === 1 && kind === 'promote').length).toBeGreaterThan(17);
  });
});
