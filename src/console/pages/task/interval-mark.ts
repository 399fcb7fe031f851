import { html } from 'hono/html';
import type { Html } from '../console-page.ts';

/** A mean with the ends of its interval, or nothing known. */
export interface Interval {
  readonly mean: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

const width = 120;

/** Two intervals on one scale from 0 to 1, what serves now above what it is compared with; `label` says it in words. */
export function intervalMark(now: Interval, before: Interval | null, label: string): Html {
  const rows = before === null ? [now] : [now, before];
  const height = rows.length * 9 + 2;
  return html`<svg
    class="interval"
    viewBox="0 0 ${width} ${height}"
    width="${width}"
    height="${height}"
    role="img"
    aria-label="${label}"
  >
    ${rows.map((row, index) => bar(row, 5.5 + index * 9, index === 0 ? 'accent' : 'quiet'))}
  </svg>`;
}

function bar({ mean, low, high }: Interval, y: number, tone: string): Html {
  const at = (value: number): string => (value * width).toFixed(1);
  return html`<rect class="track" x="0" y="${y - 0.5}" width="${width}" height="1"></rect> ${
      low === null || high === null
        ? ''
        : html`<rect
            class="fill soft"
            data-tone="${tone}"
            x="${at(low)}"
            y="${y - 2.5}"
            width="${at(Math.max(0.01, high - low))}"
            height="5"
            rx="2.5"
          ></rect>`
    }
    ${
      mean === null
        ? ''
        : html`<rect
            class="fill"
            data-tone="${tone}"
            x="${at(Math.min(1 - 0.02, Math.max(0, mean - 0.01)))}"
            y="${y - 4}"
            width="${at(0.02)}"
            height="8"
            rx="1"
          ></rect>`
    }`;
}
