import { html } from 'hono/html';
import type { Html } from '../console-page.ts';
import { differenceText } from '../format.ts';

const width = 120;

/** An effect with its interval around zero; `reach` is the largest value that has a place, > 0. */
export function effectMark(
  { estimate, low, high }: { readonly estimate: number; readonly low: number; readonly high: number },
  reach: number,
): Html {
  const at = (value: number): number =>
    (0.5 + Math.min(1, Math.max(-1, value / reach)) / 2) * (width - 4) + 2;
  const tone = low > 0 ? 'good' : high < 0 ? 'bad' : 'quiet';
  return html`<svg
    class="interval"
    viewBox="0 0 ${width} 12"
    width="${width}"
    height="12"
    role="img"
    aria-label="${differenceText(estimate)}, between ${differenceText(low)} and ${differenceText(high)}"
  >
    <rect class="track" x="0" y="5.5" width="${width}" height="1"></rect>
    <rect class="fill" data-tone="quiet" x="${width / 2 - 0.5}" y="0" width="1" height="12"></rect>
    <rect
      class="fill soft"
      data-tone="${tone}"
      x="${at(low).toFixed(1)}"
      y="3.5"
      width="${Math.max(1, at(high) - at(low)).toFixed(1)}"
      height="5"
      rx="2.5"
    ></rect>
    <circle class="fill" data-tone="${tone}" cx="${at(estimate).toFixed(1)}" cy="6" r="3.5"></circle>
  </svg>`;
}
