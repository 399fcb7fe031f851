import { html } from 'hono/html';
import type { Html } from './console-page.ts';

/** The way to the part of a list that follows. */
export function pager(text: string, href: string): Html {
  return html`<p class="pager"><a class="button" href="${href}">${text}</a></p>`;
}
