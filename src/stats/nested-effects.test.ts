import { describe, expect, it } from 'vitest';
import { nestedEffects, type NestedEffect } from './nested-effects.ts';

const scales = { root: 0.03, intent: 0.06, family: 0.04, task: 0.04 };
const where = { intent: 'a', family: 'f', task: 'new' };

/** The same posterior by brute force: the covariance of all nodes, conditioned on the measurements one by one. */
function byConditioning(effects: readonly NestedEffect[], target: typeof where): [number, number] {
  const covariance = (one: typeof where, other: typeof where): number =>
    scales.root ** 2 +
    (one.intent === other.intent
      ? scales.intent ** 2 +
        (one.family === other.family
          ? scales.family ** 2 + (one.task === other.task ? scales.task ** 2 : 0)
          : 0)
      : 0);
  const nodes = [target, ...effects];
  const means = nodes.map(() => 0);
  const matrix = nodes.map((one) => nodes.map((other) => covariance(one, other)));
  for (const [index, { effect, variance }] of effects.entries()) {
    const seen = index + 1;
    const column = matrix.map((row) => row[seen] ?? 0);
    const total = (column[seen] ?? 0) + variance;
    const surprise = effect - (means[seen] ?? 0);
    for (const [i, value] of column.entries()) {
      means[i] = (means[i] ?? 0) + (value / total) * surprise;
      const row = matrix[i] ?? [];
      for (const [j, other] of column.entries()) row[j] = (row[j] ?? 0) - (value * other) / total;
    }
  }
  return [means[0] ?? 0, Math.sqrt(matrix[0]?.[0] ?? 0)];
}

const effects: readonly NestedEffect[] = [
  { intent: 'a', family: 'f', task: 't1', effect: 0.12, variance: 0.001 },
  { intent: 'a', family: 'f', task: 't1', effect: 0.08, variance: 0.002 },
  { intent: 'a', family: 'f', task: 't2', effect: 0.1, variance: 0.0005 },
  { intent: 'a', family: 'g', task: 't3', effect: -0.02, variance: 0.001 },
  { intent: 'b', family: 'f', task: 't2', effect: -0.08, variance: 0.003 },
];

describe('nested effects', () => {
  it.each([
    where,
    { intent: 'a', family: 'f', task: 't1' },
    { intent: 'a', family: 'h', task: 'new' },
    { intent: 'b', family: 'g', task: 't3' },
    { intent: 'c', family: 'f', task: 'new' },
  ])('are the posterior of the normal model: %o', (target) => {
    const [mean, deviation] = byConditioning(effects, target);
    const found = nestedEffects(effects, scales)(target);
    expect(found.mean).toBeCloseTo(mean, 12);
    expect(found.deviation).toBeCloseTo(deviation, 12);
  });

  it('without measurements know nothing but the scales', () => {
    const found = nestedEffects([], scales)(where);
    expect(found.mean).toBe(0);
    expect(found.deviation).toBeCloseTo(Math.hypot(0.03, 0.06, 0.04, 0.04), 12);
  });

  it('lend a family more than a stranger', () => {
    const predict = nestedEffects(effects, scales);
    expect(predict(where).mean).toBeGreaterThan(predict({ ...where, family: 'h' }).mean);
    expect(predict(where).tasks).toBe(2);
  });

  it('refuse what has no variance', () => {
    expect(() => nestedEffects([{ ...where, effect: 0, variance: 0 }], scales)).toThrow(RangeError);
  });
});
