import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PathPoint } from '../../api/campaign.schema.ts';
import { eText, logText, wayTo } from './e-value.ts';
import { plotOf, thin } from './path-plot.ts';

const look = (pairs: number, logSuperiority: number, logThreshold = 6): PathPoint => ({
  atMs: pairs,
  state: 'shadow',
  pairs,
  meanDifference: 0.1,
  logSuperiority,
  logHarm: -logSuperiority,
  logFutility: 0,
  logThreshold,
});
const bars = { harm: Math.log(20), futility: Math.log(10) };

describe('plotOf', () => {
  test('begins each path with the stake, and of looks after as many pairs keeps the last', () => {
    const [superiority] = plotOf([look(5, 1), look(9, 2), look(9, 3)], bars).processes;
    expect(superiority?.points.map(({ pairs, logE }) => [pairs, logE])).toEqual([
      [0, 0],
      [5, 1],
      [9, 3],
    ]);
  });

  test('has room for every threshold, and for a path that goes beyond', () => {
    expect(plotOf([look(5, 1)], bars).top).toBeGreaterThan(6);
    expect(plotOf([look(5, 90)], bars).top).toBeGreaterThan(90);
    expect(plotOf([look(5, -90)], bars).bottom).toBe(-4);
  });

  test('marks E 1, whatever the range, and no more than a few powers of ten', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -200, max: 200, noNaN: true }), { maxLength: 30 }), (values) => {
        const { ticks, top, bottom } = plotOf(
          values.map((value, index) => look(index + 1, value)),
          bars,
        );
        expect(ticks.some(({ logE, e }) => logE === 0 && e === '1')).toBe(true);
        expect(ticks.length).toBeLessThan(22);
        for (const { logE } of ticks) expect(logE >= bottom && logE <= top).toBe(true);
      }),
    );
  });

  test('draws a bar where it moved', () => {
    const [superiority] = plotOf([look(5, 1, 6), look(9, 2, 7)], bars).processes;
    expect(superiority?.points.map(({ logThreshold }) => logThreshold)).toEqual([6, 6, 7]);
  });
});

describe('thin', () => {
  test('keeps the first and the last, and never more than are wanted', () => {
    const looks = Array.from({ length: 1000 }, (_, index) => index);
    const kept = thin(looks, 60);
    expect(kept).toHaveLength(60);
    expect([kept[0], kept.at(-1)]).toEqual([0, 999]);
    expect(thin([1, 2], 60)).toEqual([1, 2]);
  });
});

describe('e-values', () => {
  test.each([
    [0, '1'],
    [Math.log(250), '250'],
    [Math.log(2.345), '2.3'],
    [Math.log(123_456), '1.2e5'],
    [-20, '<0.01'],
    [Infinity, '–'],
  ])('with logarithm %d read %s', (logE, text) => {
    expect(eText(logE)).toBe(text);
  });

  test('are on their way by logarithms, between 0 and 1, to a bar that is there', () => {
    expect(wayTo(3, 6)).toBe(0.5);
    expect([wayTo(9, 6), wayTo(-1, 6), wayTo(0, Infinity)]).toEqual([1, 0, null]);
    expect([logText(-0.001), logText(-1.5), logText(Infinity)]).toEqual(['0.00', '−1.50', '–']);
  });
});
