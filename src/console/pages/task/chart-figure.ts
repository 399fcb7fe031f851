import { html } from 'hono/html';
import type { Html } from '../console-page.ts';
import { momentText, nothing, percentText, valueText } from '../format.ts';
import type { Chart, ChartLine } from './chart.ts';
import { chartPicture } from './chart-picture.ts';

/**
 * A picture over time: drawn by the server for whoever reads without scripts, drawn anew by `series-chart.js` for whoever
 * points at it, and told as a table. What it is drawn from is a part that follows changes; the picture itself is not.
 */
export function chartFigure(id: string, chart: Chart, explanation: string): Html {
  const { title, lines } = chart;
  return html`<section class="card" aria-labelledby="${id}-title">
    <header>
      <h2 id="${id}-title">${title}</h2>
      <span class="muted">${explanation}</span>
    </header>
    <div id="${id}-data" data-refresh>
      <span hidden data-chart-data="${JSON.stringify(compact(chart))}"></span>
      <ul class="legend" data-legend>
        ${lines.map((line) => legendItem(line, chart))}
      </ul>
    </div>
    <div class="chart" data-chart="${id}">${chartPicture(chart)}</div>
    <details>
      <summary>The numbers</summary>
      <div class="scroll" id="${id}-table" data-refresh>${table(chart)}</div>
    </details>
  </section>`;
}

function legendItem({ name, colour, middle }: ChartLine, { unit }: Chart): Html {
  const last = middle.findLast((value) => value !== null) ?? null;
  return html`<li data-colour="${colour}">
    <svg width="14" height="10" aria-hidden="true"><rect y="3.5" width="14" height="3" rx="1.5"></rect></svg
    ><bdi>${name}</bdi> <span class="muted" data-value>${textOf(last, unit)}</span>
  </li>`;
}

function table({ title, timesMs, lines, unit }: Chart): Html {
  const known = timesMs
    .map((atMs, index) => ({ atMs, values: lines.map(({ middle }) => middle[index] ?? null) }))
    .filter(({ values }) => values.some((value) => value !== null));
  return html`<table class="list">
    <caption>
      ${title}, each line where it has a point
    </caption>
    <thead>
      <tr>
        <th scope="col">Around</th>
        ${lines.map(({ name }) => html`<th scope="col" class="number"><bdi>${name}</bdi></th>`)}
      </tr>
    </thead>
    <tbody>
      ${known.map(
        ({ atMs, values }) =>
          html`<tr>
            <td>${momentText(atMs)}</td>
            ${values.map((value) => html`<td class="number">${textOf(value, unit)}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function textOf(value: number | null, unit: Chart['unit']): string {
  if (value === null) return nothing;
  return unit === 'percent' ? percentText(value) : valueText(value);
}

/** Four digits are more than can be seen. */
function short(values: readonly (number | null)[]): readonly (number | null)[] {
  return values.map((value) => (value === null ? null : Number(value.toFixed(4))));
}

function compact(chart: Chart): Chart {
  return {
    ...chart,
    timesMs: chart.timesMs.map(Math.round),
    lines: chart.lines.map(({ middle, low, high, ...line }) => ({
      ...line,
      middle: short(middle),
      ...(low && { low: short(low) }),
      ...(high && { high: short(high) }),
    })),
  };
}
