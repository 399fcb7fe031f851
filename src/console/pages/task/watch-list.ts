import { html } from 'hono/html';
import type { WatchEvent } from '../../../domain/gate-state.ts';
import { badge } from '../badge.ts';
import type { Html } from '../console-page.ts';
import { cutText } from '../cut-text.ts';
import { ago } from '../format.ts';
import { variantHref } from '../hrefs.ts';

const causes: Readonly<Record<WatchEvent['cause'], string>> = {
  regression: 'delivers less than it did',
  'upstream-drift': 'fell together with what it is compared with: the model has changed',
  undecided: 'fell, and it could not be told why in time',
};

/** What the watch has decided, newest first. */
export function watchList(
  taskId: string,
  events: readonly WatchEvent[],
  nameOf: (variantId: string) => string,
  nowMs: number,
): Html {
  if (events.length === 0) return html`<p class="muted">Nothing: what serves has not got worse.</p>`;
  const link = (variantId: string): Html =>
    html`<a href="${variantHref(taskId, variantId)}">${cutText(nameOf(variantId))}</a>`;
  return html`<ol class="timeline">
    ${events.map(
      ({ atMs, variantId, cause, action, toVariantId, guard }) =>
        html`<li>
          <p class="line">
            ${action === 'rolled-back' ? badge('rolled back', 'bad') : badge('level reset', 'info')}
            ${link(variantId)}
          </p>
          <p class="muted small">
            ${causes[cause]}${guard === undefined ? '' : html` (${cutText(guard)})`}${
              toVariantId === null ? '' : html`; back to ${link(toVariantId)}`
            },
            ${ago(atMs, nowMs)}
          </p>
        </li>`,
    )}
  </ol>`;
}
