import { html } from 'hono/html';
import type { PathPoint } from '../../api/campaign.schema.ts';
import type { Tone } from '../badge.ts';
import type { Html } from '../console-page.ts';
import { countText, differenceText, momentText, nothing } from '../format.ts';
import { eText, logText } from './e-value.ts';
import { plotOf, thin, type PathPlot, type PlottedProcess, type ProcessName } from './path-plot.ts';

/** Of the picture, pixels. */
const height = 280;

/** Rows of the table that says the same. */
const rowsMax = 60;

const meanings: Readonly<
  Record<ProcessName, { readonly name: string; readonly bar: string; readonly tone: Tone }>
> = {
  superiority: { name: 'better', bar: 'promotes', tone: 'good' },
  harm: { name: 'worse', bar: 'rejects', tone: 'bad' },
  futility: { name: 'no gain worth waiting for', bar: 'rejects', tone: 'info' },
};

/**
 * The e-processes of a test against their thresholds. Lengths are shares of the picture, so that it has any width and
 * its words keep their size.
 */
export function pathChart(
  points: readonly PathPoint[],
  bars: Readonly<Record<'harm' | 'futility', number>>,
): Html {
  const plot = plotOf(points, bars);
  return html`<figure class="path">
    <ul class="legend">
      ${plot.processes.map(legendItem)}
    </ul>
    <div class="plot">
      <svg width="56" height="${height}" aria-hidden="true">
        ${plot.ticks.map((tick) => tickLabel(tick, plot))}
      </svg>
      <svg class="path-chart" width="100%" height="${height}" role="img" aria-label="${inWords(plot)}">
        ${plot.ticks.map((tick) => tickLine(tick, plot))}
        <svg viewBox="0 0 1000 1000" preserveAspectRatio="none" width="100%" height="100%">
          ${plot.processes.map((process) => html`${threshold(process, plot)}${line(process, plot)}`)}
        </svg>
        ${plot.processes.map((process) => lastPoint(process, plot))} ${thresholdLabels(plot)}
      </svg>
      <p class="path-axis" aria-hidden="true">
        <span>0 pairs</span><span>${countText(plot.pairsMax)} pairs</span>
      </p>
    </div>
    <figcaption>
      Each line is a stake that grows while the pairs speak for something. It is drawn by its natural
      logarithm: equal steps upwards multiply the stake E by equal factors, from E 1 at the start. Where a
      line reaches the dashed bar of its colour, the gate decides. Where there is nothing to find, the chance
      that a line ever reaches a bar of E is at most 1 in E, however often one looks.
    </figcaption>
    ${table(points)}
  </figure>`;
}

function legendItem({ name, points }: PlottedProcess): Html {
  const { name: meaning, bar, tone } = meanings[name];
  const last = points.at(-1);
  return html`<li data-tone="${tone}">
    <svg width="16" height="10" aria-hidden="true">
      <line class="process" data-tone="${tone}" x1="0" x2="16" y1="5" y2="5"></line>
    </svg>
    <span
      ><strong>${meaning}</strong>${
        last === undefined ? '' : html` E ${eText(last.logE)}, ${bar} at ${eText(last.logThreshold)}`
      }</span
    >
  </li>`;
}

function inWords({ processes, pairsMax }: PathPlot): string {
  const parts = processes.map(({ name, points }) => {
    const last = points.at(-1);
    return `${meanings[name].name}: E ${eText(last?.logE ?? 0)}, its bar is ${eText(last?.logThreshold ?? 0)}`;
  });
  return `Evidence after ${countText(pairsMax)} pairs. ${parts.join('; ')}.`;
}

/** From the top, in percent. */
function heightOf(logE: number, { top, bottom }: PathPlot): number {
  return (100 * (top - Math.min(top, Math.max(bottom, logE)))) / (top - bottom);
}

function line({ name, points }: PlottedProcess, plot: PathPlot): Html {
  return polyline(
    points.map(({ pairs, logE }) => [pairs, logE]),
    plot,
    { className: 'process', tone: meanings[name].tone },
  );
}

/** A bar moves where a candidate turns out to act very differently. */
function threshold({ name, points }: PlottedProcess, plot: PathPlot): Html {
  return polyline(
    points.map(({ pairs, logThreshold }) => [pairs, logThreshold]),
    plot,
    { className: 'threshold', tone: meanings[name].tone },
  );
}

function polyline(
  points: readonly (readonly [number, number])[],
  plot: PathPlot,
  { className, tone }: { readonly className: string; readonly tone: Tone },
): Html {
  const places = points.map(
    ([pairs, logE]) =>
      `${((1000 * pairs) / plot.pairsMax).toFixed(1)},${(10 * heightOf(logE, plot)).toFixed(1)}`,
  );
  return html`<polyline
    class="${className}"
    data-tone="${tone}"
    points="${places.join(' ')}"
    vector-effect="non-scaling-stroke"
  ></polyline>`;
}

function lastPoint({ name, points }: PlottedProcess, plot: PathPlot): Html {
  const y = heightOf(points.at(-1)?.logE ?? 0, plot).toFixed(2);
  return html`<circle class="fill" data-tone="${meanings[name].tone}" cx="100%" cy="${y}%" r="4"></circle>`;
}

function tickLine({ logE }: PathPlot['ticks'][number], plot: PathPlot): Html {
  const y = `${heightOf(logE, plot).toFixed(2)}%`;
  return html`<line class="axis" x1="0" x2="100%" y1="${y}" y2="${y}"></line>`;
}

function tickLabel({ logE, e }: PathPlot['ticks'][number], plot: PathPlot): Html {
  const y = `${heightOf(logE, plot).toFixed(2)}%`;
  return html`<text x="48" y="${y}" dy="0" text-anchor="end">E ${e}</text
    ><text class="faint" x="48" y="${y}" dy="12" text-anchor="end">ln ${logText(logE)}</text>`;
}

/** Least distance between two labels, percent of the height. */
const labelGap = 5.5;

function thresholdLabels(plot: PathPlot): Html {
  const labels = plot.processes
    .map(({ name, points }) => {
      const logThreshold = points.at(-1)?.logThreshold ?? 0;
      return { ...meanings[name], logThreshold, y: heightOf(logThreshold, plot) };
    })
    .toSorted((one, other) => one.y - other.y);
  let lowest = -Infinity;
  return html`${labels.map(({ bar, tone, logThreshold, y }) => {
    lowest = Math.max(y, lowest + labelGap);
    return html`<text class="bar-label" data-tone="${tone}" x="8" y="${lowest.toFixed(2)}%" dy="-4"
      >${bar} at E ${eText(logThreshold)}</text
    >`;
  })}`;
}

function table(points: readonly PathPoint[]): Html {
  const shown = thin(points, rowsMax);
  return html`<details>
    <summary>The figures</summary>
    <div class="scroll" tabindex="0" role="group" aria-label="Figures of the e-processes">
      <table class="list">
        <caption>
          Natural logarithms of the e-values, oldest
          first${shown.length < points.length ? `, ${shown.length} of ${countText(points.length)} looks` : ''}
        </caption>
        <thead>
          <tr>
            <th scope="col">Looked</th>
            <th scope="col">State</th>
            <th scope="col" class="number">Pairs</th>
            <th scope="col" class="number">Mean difference</th>
            <th scope="col" class="number">Better</th>
            <th scope="col" class="number">Its bar</th>
            <th scope="col" class="number">Worse</th>
            <th scope="col" class="number">In vain</th>
          </tr>
        </thead>
        <tbody>
          ${shown.map(
            (point) =>
              html`<tr>
                <td>${momentText(point.atMs)}</td>
                <td>${point.state}</td>
                <td class="number">${countText(point.pairs)}</td>
                <td class="number">
                  ${point.meanDifference === null ? nothing : differenceText(point.meanDifference)}
                </td>
                <td class="number">${logText(point.logSuperiority)}</td>
                <td class="number">${logText(point.logThreshold)}</td>
                <td class="number">${logText(point.logHarm)}</td>
                <td class="number">${logText(point.logFutility)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}
