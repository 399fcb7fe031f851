import { describe, expect, test } from 'vitest';
import { createSeededRandom } from './seeded-random.ts';
import { createSystemRandom } from './system-random.ts';

const draws = 20_000;
const sample = (random: { readonly next: () => number }): readonly number[] =>
  Array.from({ length: draws }, () => random.next());

describe.each([
  ['system', createSystemRandom],
  ['seeded', () => createSeededRandom(7)],
])('%s random', (_, create) => {
  test('is uniform on [0, 1)', () => {
    const values = sample(create());
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    // Twenty cells of 1,000 expected draws; the chi-square quantile of 1e-6 with 19 degrees of freedom is 69.
    const cells = Array.from({ length: 20 }, () => 0);
    for (const value of values) cells[Math.floor(value * 20)] = (cells[Math.floor(value * 20)] ?? 0) + 1;
    const chiSquare = cells.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(69);
  });
});

test('a seed repeats its draws, another seed has others', () => {
  const first = sample(createSeededRandom(1)).slice(0, 20);
  expect(sample(createSeededRandom(1)).slice(0, 20)).toEqual(first);
  expect(sample(createSeededRandom(2)).slice(0, 20)).not.toEqual(first);
  // Fixed for ever: simulations must repeat to the byte.
  expect(createSeededRandom(42).next()).toBe(0.9076189309059288);
});

test('first draws of neighbouring seeds are as uniform as any', () => {
  const firsts = Array.from({ length: 1000 }, (_, seed) => createSeededRandom(seed).next());
  const mean = firsts.reduce((sum, value) => sum + value, 0) / firsts.length;
  // Five standard errors of a uniform mean.
  expect(Math.abs(mean - 0.5)).toBeLessThan(5 / Math.sqrt(12 * firsts.length));
});

test('the system never repeats itself', () => {
  expect(new Set(sample(createSystemRandom())).size).toBe(draws);
});
