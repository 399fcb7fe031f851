import { describe, expect, it } from 'vitest';
import { createSeries, seriesPoints } from './series.ts';

describe('createSeries', () => {
  it('gives the mean of each fiftieth, the mean of all and the sum of all', () => {
    const series = createSeries(500);
    for (let index = 0; index < 500; index += 1) series.add(index, index);
    const { points, total } = series.build('mean');
    expect(points).toHaveLength(seriesPoints);
    expect(points[0]).toBe(4.5);
    expect(points[49]).toBe(494.5);
    expect(total).toBe(249.5);
    expect(series.build('sum').total).toBe(124_750);
  });

  it('has fifty points for a run shorter than fifty requests', () => {
    const series = createSeries(3);
    series.add(0, 1);
    series.add(2, 1);
    expect(series.build('mean').points).toHaveLength(seriesPoints);
    expect(series.build('mean').total).toBe(1);
  });
});
