import { html } from 'hono/html';
import type { ErrorCode } from '../../domain/ratchet-error.ts';
import type { PageView } from './console-page.ts';

/** What is said instead of a page that cannot be shown, or of an action that cannot be done. */
export function failure(code: ErrorCode, reason: string): PageView {
  return {
    title: 'That did not work',
    body: html`<section class="empty" role="alert">
      <h1>That did not work</h1>
      <p>${reason}</p>
      <p class="muted"><code>${code}</code></p>
      <p><a class="button" href="/console">To the tasks</a></p>
    </section>`,
  };
}
