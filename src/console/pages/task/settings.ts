import { html } from 'hono/html';
import type { TaskDetail } from '../../task-view.ts';
import type { Html } from '../console-page.ts';

/** The settings of a task as they hold now. */
export function settings({ config }: TaskDetail): Html {
  return html`<details class="card">
    <summary>Settings as they hold now</summary>
    <p class="muted">
      From <code>ratchet.yaml</code> and what holds where it says nothing; changed there, not here.
    </p>
    <pre tabindex="0" aria-label="Settings">${JSON.stringify(config, null, 2)}</pre>
  </details>`;
}
