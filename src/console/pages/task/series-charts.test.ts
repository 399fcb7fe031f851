import { describe, expect, test } from 'vitest';
import type { SeriesView } from '../../api/series.schema.ts';
import { rewardChart, shareChart } from './series-charts.ts';

/** Stretches of one second, in each of which variants had so many rewarded episodes of this mean. */
function series(...bins: readonly Readonly<Record<string, readonly [number, number]>>[]): SeriesView {
  const points = (bin: Readonly<Record<string, readonly [number, number]>>): SeriesView['total'] =>
    Object.entries(bin).map(([variantId, [episodes, mean]]) => ({
      variantId,
      episodes,
      rewarded: episodes,
      mean,
      low: null,
      high: null,
    }));
  return {
    bins: bins.map((bin, index) => ({
      fromMs: index * 1000,
      untilMs: index * 1000 + 1000,
      arms: points(bin),
    })),
    total: points(bins[0] ?? {}),
    plans: [{ version: 2, atMs: 1500, cause: 'promoted' }],
    isCut: false,
  };
}

const names = { incumbentId: 'b', nameOf: (variantId: string) => `variant ${variantId}` };

describe('pictures over time', () => {
  test('draw what serves first, then the agent’s own prompt, then what had most traffic', () => {
    const { lines } = shareChart(
      series({ a: [50, 0.5], baseline: [10, 0.5], c: [70, 0.5], b: [1, 0.5] }),
      names,
    );
    expect(lines.map(({ name }) => name)).toEqual([
      'variant b',
      'variant baseline',
      'variant c',
      'variant a',
    ]);
    expect(lines.map(({ colour }) => colour)).toEqual([0, 1, 2, 3]);
  });

  test('say which share of the traffic each had', () => {
    const { lines, unit, range } = shareChart(series({ b: [30, 1], baseline: [10, 1] }), names);
    expect(lines.map(({ middle }) => middle)).toEqual([[0.75], [0.25]]);
    expect([unit, range]).toEqual(['percent', [0, 1]]);
  });

  test('take stretches together where a variant has few rewards, and lose none of them', () => {
    const few = { b: [10, 0.4] as const };
    const more = { b: [10, 0.8] as const };
    const all = Array.from({ length: 24 }, (_, index) => (index % 2 === 0 ? few : more));
    const [line] = rewardChart(series(...all), names).lines;
    const drawn = (line?.middle ?? []).filter((value) => value !== null);
    expect(drawn).toHaveLength(6);
    for (const value of drawn) expect(value).toBeCloseTo(0.6);
    for (const [index, value] of (line?.middle ?? []).entries())
      if (value !== null) {
        expect(line?.low?.[index]).toBeLessThan(value);
        expect(line?.high?.[index]).toBeGreaterThan(value);
      }
  });

  test('mark the changes of the plan', () => {
    expect(rewardChart(series({ b: [1, 1] }), names).marks).toEqual([{ atMs: 1500, label: '2' }]);
  });

  test('of nothing are empty, with an axis all the same', () => {
    expect(rewardChart(series(), names)).toMatchObject({ timesMs: [], lines: [], range: [0, 1] });
  });
});
