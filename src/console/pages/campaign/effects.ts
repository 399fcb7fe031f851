import { html } from 'hono/html';
import type { Effect, Taking } from '../../../domain/effect.ts';
import type { Evidence } from '../../api/evidence.ts';
import type { Html } from '../console-page.ts';
import { cutText } from '../cut-text.ts';
import { countText, differenceText } from '../format.ts';
import { effectMark } from '../task/effect-mark.ts';

/** How much better the candidate is, on the whole and by segment, and what its answers take. */
export function effects({ effect, slices, takes }: Pick<Evidence, 'effect' | 'slices' | 'takes'>): Html {
  if (effect === null)
    return html`<p class="muted">
      Nothing has been measured yet: no pair of answers to the same request has been scored.
    </p>`;
  const rows = [
    { name: html`<strong>all requests</strong>`, ...effect },
    ...slices.map((slice) => ({ ...slice, name: segmentName(slice.segment) })),
  ];
  const reach = Math.max(0.02, ...rows.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)]));
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Effects">
      <table class="list">
        <caption>
          Candidate minus incumbent in the score, with bounds that hold at all times (95 %)
        </caption>
        <thead>
          <tr>
            <th scope="col">Requests</th>
            <th scope="col">Worse · better</th>
            <th scope="col" class="number">Effect</th>
            <th scope="col" class="number">Between</th>
            <th scope="col" class="number">Pairs</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map((row) => effectRow(row, reach))}
        </tbody>
      </table>
    </div>
    ${takes.length === 0 ? '' : takings(takes)}`;
}

/** Segments that Ratchet found by itself begin with a tilde. */
function segmentName(segment: string): Html {
  return segment.startsWith('~')
    ? html`${cutText(segment.slice(1), 60)} <small class="muted">found</small>`
    : cutText(segment, 60);
}

function effectRow({ name, pairs, mean, low, high }: Effect & { readonly name: Html }, reach: number): Html {
  return html`<tr>
    <td>${name}</td>
    <td>${effectMark({ estimate: mean, low, high }, reach)}</td>
    <td class="number ${low > 0 ? 'up' : high < 0 ? 'down' : ''}">${differenceText(mean)}</td>
    <td class="number">${differenceText(low)} … ${differenceText(high)}</td>
    <td class="number">${countText(pairs)}</td>
  </tr>`;
}

function takings(takes: readonly Taking[]): Html {
  return html`<div class="scroll" tabindex="0" role="group" aria-label="What an answer takes">
    <table class="list">
      <caption>
        What an answer takes, as a multiple of the incumbent’s
      </caption>
      <thead>
        <tr>
          <th scope="col">An answer’s</th>
          <th scope="col" class="number">Takes</th>
          <th scope="col" class="number">Between</th>
          <th scope="col" class="number">Pairs</th>
        </tr>
      </thead>
      <tbody>
        ${takes.map(
          ({ name, ratio, low, high, pairs }) =>
            html`<tr>
              <td>${name}</td>
              <td class="number ${low > 1 ? 'down' : high < 1 ? 'up' : ''}">×${ratio.toFixed(2)}</td>
              <td class="number">×${low.toFixed(2)} … ×${high.toFixed(2)}</td>
              <td class="number">${countText(pairs)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
