import { html } from 'hono/html';
import type { Html } from './console-page.ts';

/** A button that acts at once: for what is undone as easily. */
export function actionButton({
  label,
  path,
  back,
  seen,
}: {
  readonly label: string;
  /** Of the page that is posted to, such as `/console/tasks/t1/pause`. */
  readonly path: string;
  /** Page to go on to. */
  readonly back: string;
  /** ETag of what the person saw; absent: it has none. */
  readonly seen?: string;
}): Html {
  return html`<form method="post" action="${path}" class="inline">
    <input type="hidden" name="back" value="${back}" />
    ${seen === undefined ? '' : html`<input type="hidden" name="seen" value="${seen}" />`}
    <button class="button">${label}</button>
  </form>`;
}
