import { expect, test } from 'vitest';
import type { Chart } from './chart.ts';
import { chartPicture } from './chart-picture.ts';

const chart: Chart = {
  title: 'Reward',
  timesMs: [0, 1000, 2000],
  lines: [{ name: 'a', colour: 0, middle: [0.4, null, 1], low: [0.2, null, 0.9], high: [0.6, null, 1] }],
  marks: [
    { atMs: 1000, label: 'inside' },
    { atMs: 9000, label: 'outside' },
  ],
  range: [0.2, 1],
  unit: 'value',
};

const draw = async (change: Partial<Chart> = {}): Promise<string> =>
  String(await chartPicture({ ...chart, ...change }));

test('a picture leads its lines over places where nothing is known, and its band around them', async () => {
  const picture = await draw();
  expect(picture).toMatch(/<polyline\s+class="line"\s+data-colour="0"\s+points="44.0,164.5 708.0,16.0"/);
  expect(picture).toMatch(/<polygon[^>]*points="44.0,115.0 708.0,16.0 708.0,40.8 44.0,214.0"/);
});

test('a picture marks only what happened in its time', async () => {
  const picture = await draw();
  expect(picture).toContain('inside');
  expect(picture).not.toContain('outside');
});

test('a picture has round numbers at its axis', async () => {
  const labels = [...(await draw()).matchAll(/text-anchor="end"\s*>\s*(\d\.\d+)/g)].map(([, label]) => label);
  expect(labels).toEqual(['0.20', '0.40', '0.60', '0.80', '1.00']);
});

test('a picture of nothing has no number that is none', async () => {
  expect(await draw({ timesMs: [], lines: [], marks: [] })).not.toMatch(/NaN|Infinity/);
});
