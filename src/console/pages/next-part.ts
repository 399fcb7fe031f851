import { html } from 'hono/html';
import type { Html } from './console-page.ts';
import { withQuery } from './hrefs.ts';

/** The way to the part of a list that follows; nothing where there is none. */
export function nextPart(path: string, title: string, next: string | null): Html | string {
  if (next === null) return '';
  return html`<p class="pager">
    <a class="button" href="${withQuery(path, { cursor: next })}">${title}</a>
  </p>`;
}
