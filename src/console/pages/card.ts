import { html } from 'hono/html';
import type { Html } from './console-page.ts';

/** A part of a page under a heading; `id` is unique in the page. */
export function card(id: string, title: string, content: Html): Html {
  return html`<section class="card" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${content}
  </section>`;
}
