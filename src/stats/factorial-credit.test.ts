import { describe, expect, it } from 'vitest';
import { creditOfEdits, type CreditObservation } from './edit-credit.ts';
import { factorialCredit } from './factorial-credit.ts';

/** Rewards of one variant: `good` ones of `count`. */
function served(
  edits: readonly string[],
  good: number,
  count = 40,
  stratum = 's',
): readonly CreditObservation[] {
  return Array.from({ length: count }, (_, index) => ({
    variantId: edits.join('+'),
    edits,
    stratum,
    reward: index < good ? 1 : 0,
    propensity: 0.25,
  }));
}

describe('factorialCredit', () => {
  it('gives the effects of edits that add up, with a test of that', () => {
    const summary = factorialCredit([
      ...served([], 10),
      ...served(['a'], 18),
      ...served(['b'], 14),
      ...served(['a', 'b'], 22),
    ]);
    if (summary.kind !== 'summary') throw new Error(summary.kind);
    expect(summary.effects.map(({ edit }) => edit)).toEqual(['a', 'b']);
    expect(summary.effects[0]?.estimate).toBeCloseTo(0.2, 12);
    expect(summary.effects[1]?.estimate).toBeCloseTo(0.1, 12);
    expect(summary.notIdentified).toEqual([]);
    expect(summary.additivity.deviations).toBe(1);
    expect(summary.additivity.f).toBeCloseTo(0, 12);
    expect(summary.additivity.probability).toBeCloseTo(1, 9);
  });

  it('has the error of Welch up to HC3, with one edit in one stratum', () => {
    const log = [...served([], 10), ...served(['a'], 18)];
    const summary = factorialCredit(log);
    if (summary.kind !== 'summary') throw new Error(summary.kind);
    const variance = (40 * 0.25 * 0.75 + 40 * 0.45 * 0.55) / 39 ** 2;
    expect(summary.effects[0]?.standardError).toBeCloseTo(Math.sqrt(variance), 12);
    const [edge] = creditOfEdits(log);
    if (edge?.kind !== 'identified') throw new Error(edge?.kind);
    expect(summary.effects[0]?.estimate).toBeCloseTo(edge.effect.estimate, 12);
    expect(summary.additivity).toEqual({ deviations: 0, f: 0, probability: 1 });
  });

  it('is refused where edits interact, with the test that says so', () => {
    const log = [...served([], 10), ...served(['a'], 30), ...served(['b'], 12), ...served(['a', 'b'], 8)];
    const refused = factorialCredit(log);
    expect(refused).toMatchObject({ kind: 'refused', reason: 'interactions', bound: 0.05 });
    if (refused.kind !== 'refused') throw new Error(refused.kind);
    // The deviation is .2 − .3 − .75 + .25 = −.6; HC3 errors p(1 − p)·40/39² add up over the four variants.
    const variance = [0.25, 0.75, 0.3, 0.2].reduce((sum, p) => sum + (40 * p * (1 - p)) / 39 ** 2, 0);
    expect(refused.additivity.f).toBeCloseTo(0.36 / variance, 9);
    expect(refused.additivity.probability).toBeLessThan(1e-4);
    expect(factorialCredit(log, { additivityMin: 0 }).kind).toBe('summary');
  });

  it('names edits that it cannot tell apart', () => {
    const summary = factorialCredit([
      ...served([], 10),
      ...served(['a'], 20),
      ...served(['a', 'b', 'c'], 25),
      ...served(['b', 'c'], 15),
    ]);
    if (summary.kind !== 'summary') throw new Error(summary.kind);
    expect(summary.effects.map(({ edit }) => edit)).toEqual(['a']);
    expect(summary.notIdentified).toEqual(['b', 'c']);
  });

  it('has nothing to say where no edit varied within a stratum', () => {
    const apart = [...served([], 10, 40, 'early'), ...served(['a'], 30, 40, 'late')];
    expect(factorialCredit(apart)).toEqual({ kind: 'not-identified', notIdentified: ['a'] });
    expect(factorialCredit([...served([], 10), ...served(['a', 'b'], 30)])).toEqual({
      kind: 'not-identified',
      notIdentified: ['a', 'b'],
    });
    expect(factorialCredit([])).toEqual({ kind: 'not-identified', notIdentified: [] });
  });

  it('does not take equal rewards for certainty', () => {
    const summary = factorialCredit([...served([], 40), ...served(['a'], 40), ...served(['b'], 40)]);
    if (summary.kind !== 'summary') throw new Error(summary.kind);
    for (const effect of summary.effects) expect(effect.high).toBeGreaterThan(2.5 / 40);
  });
});
