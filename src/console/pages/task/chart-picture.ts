import { html } from 'hono/html';
import type { Html } from '../console-page.ts';
import { percentText } from '../format.ts';
import type { Chart, ChartLine } from './chart.ts';

const width = 720;
const height = 240;
const inside = { left: 44, right: 708, top: 16, bottom: 214 };

/** Distance of two horizontal lines. */
const step = 0.2;

/** The picture as the server draws it. */
export function chartPicture(chart: Chart): Html {
  const { title, lines, timesMs, marks } = chart;
  const place = placeIn(chart);
  return html`<svg viewBox="0 0 ${width} ${height}" class="picture" role="img" aria-label="${title}">
    ${axes(chart, place)}
    ${marks
      .filter(({ atMs }) => isShown(atMs, timesMs))
      .map(({ atMs, label }) => {
        const x = place.x(atMs);
        return html`<line class="rule" x1="${x}" x2="${x}" y1="${inside.top}" y2="${inside.bottom}"></line
          ><text x="${x}" y="${inside.top - 4}" text-anchor="middle">${label}</text>`;
      })}
    ${lines.map((line) => band(line, timesMs, place))}
    ${lines.map(
      (line) =>
        html`<polyline
          class="line"
          data-colour="${line.colour}"
          points="${pointsOf(line.middle, timesMs, place).join(' ')}"
        ></polyline>`,
    )}
  </svg>`;
}

function isShown(atMs: number, timesMs: readonly number[]): boolean {
  return atMs >= (timesMs[0] ?? 0) && atMs <= (timesMs.at(-1) ?? 0);
}

interface Place {
  readonly x: (atMs: number) => string;
  readonly y: (value: number) => string;
}

/** The nearest share in [0, 1]. */
function within(share: number): number {
  return Math.min(1, Math.max(0, share));
}

function placeIn({ timesMs, range: [low, high] }: Chart): Place {
  const first = timesMs[0] ?? 0;
  const span = Math.max(1, (timesMs.at(-1) ?? 0) - first);
  return {
    x: (atMs) => (inside.left + within((atMs - first) / span) * (inside.right - inside.left)).toFixed(1),
    y: (value) =>
      (inside.bottom - within((value - low) / (high - low)) * (inside.bottom - inside.top)).toFixed(1),
  };
}

function axes({ timesMs, range: [low, high], unit }: Chart, place: Place): Html {
  const lowest = Math.ceil((low - 1e-9) / step);
  const values = Array.from(
    { length: Math.floor((high + 1e-9) / step) - lowest + 1 },
    (_, index) => (lowest + index) * step,
  );
  const ends = [timesMs[0], timesMs.at(-1)].filter((atMs) => atMs !== undefined);
  return html`${values.map((value) => {
    const y = place.y(value);
    return html`<line class="axis" x1="${inside.left}" x2="${inside.right}" y1="${y}" y2="${y}"></line
      ><text x="${inside.left - 6}" y="${y}" dy="4" text-anchor="end"
        >${unit === 'percent' ? percentText(value) : value.toFixed(2)}</text
      >`;
  })}${ends.map(
    (atMs, index) =>
      html`<text x="${place.x(atMs)}" y="${height - 8}" text-anchor="${index === 0 ? 'start' : 'end'}"
        >${new Date(atMs).toISOString().slice(5, 19).replace('T', ' ')}</text
      >`,
  )}`;
}

function band({ low, high, colour }: ChartLine, timesMs: readonly number[], place: Place): Html | string {
  if (low === undefined || high === undefined) return '';
  const outline = [...pointsOf(high, timesMs, place), ...pointsOf(low, timesMs, place).toReversed()];
  return html`<polygon class="band" data-colour="${colour}" points="${outline.join(' ')}"></polygon>`;
}

function pointsOf(
  values: readonly (number | null)[],
  timesMs: readonly number[],
  { x, y }: Place,
): readonly string[] {
  return values.flatMap((value, index) => (value === null ? [] : [`${x(timesMs[index] ?? 0)},${y(value)}`]));
}
