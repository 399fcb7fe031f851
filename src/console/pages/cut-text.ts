import { html } from 'hono/html';
import type { Html } from './console-page.ts';

/** Characters of a text that are shown at once; the rest is a click away. */
const shownMax = 1500;

/**
 * A text of a user or model within a line, at most so many characters; the whole one where one points. `bdi` keeps its
 * direction of writing to itself.
 */
export function cutText(text: string, max = 80): Html {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  if (line.length <= max) return html`<bdi>${line}</bdi>`;
  return html`<bdi title="${beginningOf(text, 1000)}">${beginningOf(line, max - 1).trimEnd()}…</bdi>`;
}

/** A text of a user or model as a block, its beginning first where it is long. */
export function longText(text: string): Html {
  if (text === '') return html`<p class="muted">Empty.</p>`;
  if (text.length <= shownMax) return html`<pre dir="auto">${text}</pre>`;
  return html`<pre dir="auto">${beginningOf(text, shownMax).trimEnd()}…</pre>
    <details>
      <summary>All ${text.length.toLocaleString('en-US')} characters</summary>
      <pre dir="auto">${text}</pre>
    </details>`;
}

/** Never ends within a character that takes two units. */
function beginningOf(text: string, length: number): string {
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
}
