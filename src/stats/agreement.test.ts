import { describe, expect, it } from 'vitest';
import type { ConfidenceBounds } from '../domain/confidence-bounds.ts';
import type { JointHistogram } from '../domain/joint-histogram.ts';
import type { Random } from '../domain/random.ts';
import { agreementOf } from './agreement.ts';
import type { CountedValues } from './log-mixture-e.ts';
import { meanInterval } from './mean-interval.ts';
import { seededRandom } from './seeded-random.case.ts';

/** Right or wrong, seen by a rater who errs: `both` right, `kind`, `harsh`, both wrong. */
const twoByTwo = (both: number, kind: number, harsh: number, neither: number): JointHistogram => ({
  '100': { '100': both, '-100': kind },
  '-100': { '100': harsh, '-100': neither },
});

describe('agreementOf', () => {
  it('is Cohen’s kappa for two-valued ratings, with equal habits and with others', () => {
    // Observed agreement .8, by chance .6² + .4² = .52; then .7, by chance .8·.5 + .2·.5 = .5.
    expect(agreementOf(twoByTwo(50, 10, 10, 30))?.kappa).toBeCloseTo((0.8 - 0.52) / (1 - 0.52), 12);
    expect(agreementOf(twoByTwo(50, 30, 0, 20))?.kappa).toBeCloseTo((0.7 - 0.5) / (1 - 0.5), 12);
  });

  it('is 1 for identity, −1 for its opposite, 0 for habit alone', () => {
    expect(agreementOf(twoByTwo(60, 0, 0, 40))?.kappa).toBeCloseTo(1, 12);
    expect(agreementOf(twoByTwo(0, 50, 50, 0))?.kappa).toBeCloseTo(-1, 12);
    expect(agreementOf(twoByTwo(72, 18, 8, 2))?.kappa).toBeCloseTo(0, 12);
    expect(agreementOf({ '100': { '100': 9 } })?.kappa).toBe(0);
    expect(agreementOf({})).toBeNull();
  });

  it('counts a near miss less than a far one', () => {
    const near = agreementOf({ '100': { '100': 20, '0': 10 }, '0': { '0': 20 }, '-100': { '-100': 30 } });
    const far = agreementOf({ '100': { '100': 20, '-100': 10 }, '0': { '0': 20 }, '-100': { '-100': 30 } });
    expect(near?.kappa).toBeGreaterThan((far?.kappa ?? 1) + 0.1);
  });

  it('bounds lie around kappa, tell a good judge from chance, and tighten', () => {
    const some = agreementOf(twoByTwo(80, 8, 8, 54));
    const many = agreementOf(twoByTwo(500, 100, 100, 300));
    for (const found of [some, many]) {
      expect(found?.bounds.low).toBeLessThan(found?.kappa ?? 0);
      expect(found?.bounds.high).toBeGreaterThan(found?.kappa ?? 0);
    }
    expect(some?.bounds.low).toBeGreaterThan(0);
    expect((many?.bounds.high ?? 2) - (many?.bounds.low ?? 0)).toBeLessThan(0.45);
    expect(agreementOf(twoByTwo(5, 1, 1, 3))?.bounds.low).toBeLessThanOrEqual(0);
    expect(agreementOf(twoByTwo(0, 500, 500, 0))?.bounds.high).toBeLessThan(-0.5);
  });

  it('takes habit off on both sides', () => {
    const { low, high } = agreementOf(twoByTwo(720, 180, 80, 20))?.bounds ?? { low: -1, high: 1 };
    expect(low).toBeLessThan(0);
    expect(high).toBeGreaterThan(0);
    expect(high).toBeLessThan(0.35);
  });

  it('gives each of its four bounds a quarter of α', () => {
    const same = (values: CountedValues): ConfidenceBounds => meanInterval(values, 0.05 / 4);
    const product = same([[1, 100]]);
    const habit = same([
      [-1, 50],
      [1, 50],
    ]);
    const distance = 4 * same([[0, 100]]).high;
    const covariance = product.low - Math.max(habit.low ** 2, habit.high ** 2);
    expect(agreementOf(twoByTwo(50, 0, 0, 50))?.bounds.low).toBeCloseTo(
      (2 * covariance) / (distance + 2 * covariance),
      9,
    );
  });

  it('never takes habit for insight, however often it is looked at', () => {
    const random = seededRandom(5);
    const runs = 100;
    let fooled = 0;
    for (let run = 0; run < runs; run++) {
      let rows: Record<string, Record<string, number>> = {};
      for (let unit = 1; unit <= 300; unit++) {
        rows = counted(rows, [draw(random, 0.7), draw(random, 0.8)]);
        if (unit % 20 !== 0) continue;
        const { low, high } = agreementOf(rows, 0.2)?.bounds ?? { low: 0, high: 0 };
        if (low > 0 || high < 0) {
          fooled++;
          break;
        }
      }
    }
    // A covariance without its chance part would fool us in nearly every run.
    expect(fooled / runs).toBeLessThanOrEqual(0.1);
  });
});

function draw(random: Random, chance: number): number {
  return random.next() < chance ? 100 : -100;
}

function counted(
  rows: Record<string, Record<string, number>>,
  [first, second]: readonly [number, number],
): Record<string, Record<string, number>> {
  const row = (rows[String(first)] ??= {});
  row[String(second)] = (row[String(second)] ?? 0) + 1;
  return rows;
}
