import { html } from 'hono/html';
import type { Html } from './console-page.ts';

/** One of several views of a list. */
export interface Tab {
  readonly title: string;
  readonly href: string;
  readonly isHere: boolean;
  /** How many there are; absent: not told. */
  readonly count?: number;
}

/** Several views of one list. */
export function tabs(label: string, all: readonly Tab[]): Html {
  return html`<nav class="tabs" aria-label="${label}">
    ${all.map(
      ({ title, href, isHere, count }) =>
        html`<a href="${href}" ${isHere ? html`aria-current="page"` : ''}
          >${title}${count === undefined ? '' : html` <span class="count">${count}</span>`}</a
        >`,
    )}
  </nav>`;
}
