import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../test/vectors/log-mixture-e.json' with { type: 'json' };
import { addDifference, mergeHistograms, type Histogram } from '../domain/histogram.ts';
import { logFutilityE, logHarmE, logMixtureE, mixtureBets } from './log-mixture-e.ts';
import { seededRandom } from './seeded-random.case.ts';

const differences = fc.array(
  fc.integer({ min: -100, max: 100 }).map((key) => key / 100),
  { maxLength: 60 },
);
const counted = (values: readonly number[]): Histogram => values.reduce<Histogram>(addDifference, {});

describe('logMixtureE', () => {
  it('places its bets as the reference does', () => {
    mixtureBets.forEach((bet, index) => expect(bet).toBeCloseTo(vectors.bets[index]!, 12));
  });

  it.each(vectors.cases)('agrees with the reference for $histogram at margin $margin', (reference) => {
    expect(logMixtureE(reference.histogram as unknown as Histogram, reference.margin)).toBeCloseTo(
      reference.logE,
      9,
    );
  });

  it('is the same to the last bit in every order and over every split among replicas', () => {
    fc.assert(
      fc.property(
        differences.chain((values) =>
          fc.tuple(fc.constant(values), fc.shuffledSubarray(values, { minLength: values.length }), fc.nat()),
        ),
        fc.constantFrom(0, 0.02, 0.1),
        ([values, shuffled, cut], margin) => {
          const at = values.length === 0 ? 0 : cut % values.length;
          const shards = mergeHistograms(counted(shuffled.slice(at)), counted(shuffled.slice(0, at)));
          const expected = logMixtureE(counted(values), margin);
          expect(logMixtureE(counted(shuffled), margin)).toBe(expected);
          expect(logMixtureE(shards, margin)).toBe(expected);
        },
      ),
    );
  });

  it('is 0 without evidence, and grows with every gain', () => {
    expect(logMixtureE({}, 0)).toBeCloseTo(0, 12);
    expect(logMixtureE({ '10': 6 }, 0)).toBeGreaterThan(logMixtureE({ '10': 5 }, 0));
  });

  it('needs 286 ties for non-inferiority by .02, and 55 by .10', () => {
    for (const [margin, pairs] of [
      [0.02, 286],
      [0.1, 55],
    ] as const) {
      expect(logMixtureE({ '0': pairs }, margin)).toBeGreaterThanOrEqual(Math.log(20));
      expect(logMixtureE({ '0': pairs - 1 }, margin)).toBeLessThan(Math.log(20));
    }
  });

  it('survives a million pairs', () => {
    expect(logMixtureE({ '100': 1_000_000 }, 0)).toBeGreaterThan(600_000);
    expect(Number.isFinite(logMixtureE({ '-100': 1_000_000 }, 0))).toBe(true);
  });

  it('has mean 1 at the edge of its null hypothesis', () => {
    // All outcomes of three pairs that are +1 with 49 % and −1 with 51 %: a mean of exactly −.02.
    let mean = 0;
    for (let wins = 0; wins <= 3; wins++) {
      const ways = [1, 3, 3, 1][wins]!;
      const e = Math.exp(logMixtureE({ '100': wins, '-100': 3 - wins }, 0.02));
      mean += ways * 0.49 ** wins * 0.51 ** (3 - wins) * e;
    }
    expect(mean).toBeCloseTo(1, 12);
  });

  it('is wrong about a worthless edit at most α of the time, however often one looks', () => {
    const random = seededRandom(11);
    const runs = 400;
    let crossed = 0;
    for (let run = 0; run < runs; run++) {
      const counts = { '-100': 0, '0': 0, '100': 0 };
      for (let pair = 1; pair <= 600; pair++) {
        const draw = random.next();
        counts[draw < 0.2 ? '-100' : draw < 0.4 ? '100' : '0']++;
        if (pair % 5 === 0 && logMixtureE(counts, 0) >= Math.log(20)) {
          crossed++;
          break;
        }
      }
    }
    // The share is about .02; 20 of 400 are α itself, so a broken bet shows at once.
    expect(crossed / runs).toBeLessThanOrEqual(0.05);
  });

  it.each([
    [{ '101': 1 }, 0],
    [{ '0.5': 1 }, 0],
    [{ x: 1 }, 0],
    [{ '1': -1 }, 0],
    [{}, 1],
    [{}, Number.NaN],
  ])('refuses %j at margin %d', (histogram, margin) => {
    expect(() => logMixtureE(histogram as unknown as Histogram, margin)).toThrow(RangeError);
  });
});

describe('logHarmE and logFutilityE', () => {
  const mirrored = (histogram: Histogram): Histogram =>
    Object.fromEntries(Object.entries(histogram).map(([key, count]) => [String(-Number(key)), count]));

  it('harm is superiority of the other side', () => {
    fc.assert(
      fc.property(differences, (values) => {
        expect(logHarmE(counted(values))).toBeCloseTo(logMixtureE(mirrored(counted(values)), 0), 12);
      }),
    );
    expect(logHarmE({ '-10': 100 })).toBeGreaterThan(Math.log(20));
    expect(logHarmE({ '10': 100 })).toBeLessThan(0);
  });

  it('futility sees that ties never make a gain of mde', () => {
    expect(logFutilityE({ '0': 500 }, 0.02)).toBeGreaterThan(Math.log(10));
    expect(logFutilityE({ '10': 500 }, 0.02)).toBeLessThan(0);
    expect(logFutilityE({ '2': 500 }, 0.02)).toBeLessThanOrEqual(1e-9);
  });
});
