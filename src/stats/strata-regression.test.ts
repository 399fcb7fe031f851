import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../test/vectors/robust-errors.json' with { type: 'json' };
import { choleskyFactor, solveCholesky, solveLower } from './cholesky.ts';
import { strataRegression, type RegressionCell, type StrataRegression } from './strata-regression.ts';

function fitted(rows: readonly RegressionCell[]): StrataRegression {
  const regression = strataRegression(rows);
  if (regression === null) throw new Error('nothing to fit');
  return regression;
}

const row = (stratum: string, features: readonly number[], outcome: number, weight = 1): RegressionCell => ({
  stratum,
  features,
  outcomes: [{ outcome, weight }],
  sample: null,
});

function expectReference({ coefficients, covariance }: StrataRegression, columns: readonly number[]): void {
  columns.forEach((column, place) => {
    expect(Math.abs(coefficients[place]! - vectors.coefficients[column]!)).toBeLessThan(1e-9);
    expect(Math.abs(Math.sqrt(covariance[place]![place]!) - vectors.standardErrors[column]!)).toBeLessThan(
      1e-9,
    );
  });
}

describe('strataRegression', () => {
  it('agrees with the reference when buckets are features', () => {
    const rows = vectors.rows.map(({ outcome, one, two, bucket }) =>
      row('all', [one, two, bucket === 2 ? 1 : 0, bucket === 3 ? 1 : 0], outcome),
    );
    const regression = fitted(rows);
    expectReference(regression, [0, 1, 2, 3]);
    expect(regression).toMatchObject({ columns: [0, 1, 2, 3], freedom: 7, confounded: [] });
  });

  it('agrees with the reference when buckets are strata, that is, taken out', () => {
    const rows = vectors.rows.map(({ outcome, one, two, bucket }) =>
      row(String(bucket), [one, two], outcome),
    );
    const regression = fitted(rows);
    expectReference(regression, [0, 1]);
    expect(regression.freedom).toBe(7);
  });

  it('does not care whether observations of a cell come together', () => {
    const alone = vectors.rows.map(({ outcome, one, bucket }) => row(String(bucket), [one], outcome));
    const cells = [...Map.groupBy(alone, ({ stratum, features }) => `${stratum} ${features[0]}`).values()];
    const together = cells.map((members) => ({
      ...members[0]!,
      outcomes: members.flatMap(({ outcomes }) => outcomes),
    }));
    expect(together.length).toBeLessThan(alone.length);
    const [one, other] = [fitted(alone), fitted(together)];
    expect(other.coefficients[0]).toBeCloseTo(one.coefficients[0]!, 12);
    expect(other.covariance[0]![0]).toBeCloseTo(one.covariance[0]![0]!, 12);
    expect(other.freedom).toBe(one.freedom);
  });

  it('weighs observations, and their errors by the square', () => {
    // Means .2·2/3 + .8/3 = .4 with weights 2 and 1, and .5: leverages 2/3, 1/3 and ½.
    const cells = [
      {
        ...row('a', [1], 0),
        outcomes: [
          { outcome: 0.2, weight: 2 },
          { outcome: 0.8, weight: 1 },
        ],
      },
      {
        ...row('a', [0], 0),
        outcomes: [
          { outcome: 0.3, weight: 1 },
          { outcome: 0.7, weight: 1 },
        ],
      },
    ];
    const regression = fitted(cells);
    expect(regression.coefficients[0]).toBeCloseTo(-0.1, 12);
    const treated = (2 / 3) ** 2 * (0.2 / (1 / 3)) ** 2 + (1 / 3) ** 2 * (0.4 / (2 / 3)) ** 2;
    const control = 2 * (1 / 2) ** 2 * (0.2 / (1 / 2)) ** 2;
    expect(regression.covariance[0]![0]).toBeCloseTo(treated + control, 12);
  });

  it('leaves out what tells nothing: alone in a stratum, or alone with a feature', () => {
    const rows = [
      row('a', [1, 0], 0.9),
      row('a', [1, 0], 0.7),
      row('a', [0, 0], 0.3),
      row('a', [0, 0], 0.6),
      row('b', [1, 0], 0),
      row('a', [0, 1], 0.2),
    ];
    const regression = fitted(rows);
    expect(regression).toMatchObject({ columns: [0], freedom: 2, confounded: [1] });
    expect(regression.coefficients[0]).toBeCloseTo(0.8 - 0.45, 12);
    // HC3 of a two-sample mean: Σ e²/(n − 1)² on each side.
    expect(regression.covariance[0]![0]).toBeCloseTo(2 * 0.1 ** 2 + 2 * 0.15 ** 2, 12);
  });

  it('names what it cannot tell apart, and keeps the rest', () => {
    const rows = [0, 1, 2, 3, 4, 5, 6, 7].map((index) => {
      const one = index % 2;
      const two = Math.floor(index / 2) % 2;
      return row('a', [one, two, two, 1], 0.1 * index);
    });
    const regression = fitted(rows);
    expect(regression).toMatchObject({ columns: [0, 1], confounded: [1, 2, 3] });
    expect(regression.coefficients[0]).toBeCloseTo(0.1, 12);
  });

  it('fits nothing to rows that do not vary, and judges no fit without a row to spare', () => {
    expect(strataRegression([])).toBeNull();
    expect(strataRegression([row('a', [1], 0.1), row('a', [1], 0.4)])).toBeNull();
    expect(strataRegression([row('a', [1], 0.1), row('a', [0], 0.4)])).toBeNull();
  });

  it('takes a sample of equal outcomes for one that may vary by 1/n', () => {
    const side = (feature: number, outcome: number) =>
      Array.from({ length: 5 }, () => ({ ...row('a', [feature], outcome), sample: String(feature) }));
    const regression = fitted([...side(1, 0.8), ...side(0, 0.5)]);
    expect(regression.coefficients[0]).toBeCloseTo(0.3, 12);
    expect(regression.covariance[0]![0]).toBeCloseTo(2 / 25, 12);
  });
});

describe('Cholesky', () => {
  it('solves what is regular', () => {
    const entries = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 9, maxLength: 9 });
    fc.assert(
      fc.property(entries, (values) => {
        const root = [values.slice(0, 3), values.slice(3, 6), values.slice(6, 9)];
        const matrix = root.map((one, i) =>
          root.map((other, j) => one.reduce((sum, value, k) => sum + value * other[k]!, i === j ? 0.5 : 0)),
        );
        const factor = choleskyFactor(matrix);
        expect(factor.columns).toEqual([0, 1, 2]);
        const solution = solveCholesky(factor, [1, -2, 0.5]);
        [1, -2, 0.5].forEach((wanted, i) =>
          expect(matrix[i]!.reduce((sum, value, j) => sum + value * solution[j]!, 0)).toBeCloseTo(wanted, 9),
        );
        const half = solveLower(factor.lower, [1, -2, 0.5]);
        const form = half.reduce((sum, value) => sum + value * value, 0);
        expect(form).toBeCloseTo(solution[0]! - 2 * solution[1]! + 0.5 * solution[2]!, 9);
      }),
    );
  });

  it('passes over columns that earlier ones add up to, and over empty ones', () => {
    const factor = choleskyFactor([
      [0, 0, 0],
      [0, 4, 4],
      [0, 4, 4],
    ]);
    expect(factor).toEqual({ columns: [1], lower: [[2]] });
  });
});
