import { html } from 'hono/html';
import type { Html } from './console-page.ts';

/** One of the figures at the head of a page, within `<dl class="stats">`. */
export function figure(name: string, value: string, detail: string): Html {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}<small>${detail}</small></dd>
  </div>`;
}
