import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ErrorBudget } from '../domain/gate-state.ts';
import { countPromotion, startTest } from './error-budget.ts';

const gate = { alpha: 0.05, block: 25 as number | 'life' };
const fresh: ErrorBudget = { tests: 0, promotionsInBlock: 0 };

function start(budget: ErrorBudget, ids: readonly string[]): { levels: number[]; budget: ErrorBudget } {
  const levels: number[] = [];
  let current = budget;
  for (const id of ids) {
    const started = startTest(current, id, gate);
    levels.push(started.alphaLevel);
    current = started.errorBudget;
  }
  return { levels, budget: current };
}

const ids = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `c${from + index}`);

describe('error budget', () => {
  it('starts at 1/500 and rises with each promotion of the block', () => {
    const first = start(fresh, ids(0, 2));
    expect(first.levels.map((level) => 1 / level)).toEqual([expect.closeTo(500), expect.closeTo(500)]);
    const second = start(countPromotion(first.budget, 'c0', gate), ['c2']);
    expect(1 / (second.levels[0] ?? 0)).toBeCloseTo(250);
  });

  it('forgets promotions when a block begins, and counts none of the block before', () => {
    const block = start(fresh, ids(0, 24));
    const promoted = countPromotion(block.budget, 'c3', gate);
    const next = start(promoted, ids(24, 26));
    expect(1 / (next.levels[0] ?? 0)).toBeCloseTo(250);
    expect(1 / (next.levels[1] ?? 0)).toBeCloseTo(500);
    expect(countPromotion(next.budget, 'c7', gate)).toEqual(next.budget);
    expect(countPromotion(next.budget, 'c25', gate).promotionsInBlock).toBe(1);
  });

  it('spends one budget for life where the task says so', () => {
    const life = { alpha: 0.05, block: 'life' as const };
    const one = startTest(fresh, 'a', life);
    const two = startTest(one.errorBudget, 'b', life);
    expect(one.alphaLevel).toBeCloseTo((0.05 * 6) / Math.PI ** 2);
    expect(two.alphaLevel).toBeCloseTo(one.alphaLevel / 4);
    expect(countPromotion(two.errorBudget, 'a', life).promotionsInBlock).toBe(1);
  });

  it('without promotions a block spends alpha and no more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3 }), (blocks) => {
        const { levels } = start(fresh, ids(0, 25 * (blocks + 1)));
        const last = levels.slice(-25).reduce((sum, level) => sum + level, 0);
        expect(last).toBeCloseTo(0.05, 12);
      }),
    );
  });
});
