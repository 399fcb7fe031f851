import { html } from 'hono/html';
import type { Html } from './console-page.ts';

/** Something that an operator may order, once they have read what comes of it. */
export interface ConfirmedAction {
  /** What opens the form, such as `Reject`. */
  readonly label: string;
  readonly tone?: 'primary' | 'danger';
  /** Of the page that is posted to, such as `/console/campaigns/c1/reject`. */
  readonly path: string;
  /** What comes of it. */
  readonly explanation: Html | string;
  readonly reason: 'required' | 'optional';
  /** Page to go on to. */
  readonly back: string;
  /** ETag of what the person saw; absent: it has none. */
  readonly seen?: string;
  /** Further fields of the body. */
  readonly fields?: Readonly<Record<string, string>>;
}

/** An action behind a question: opening it tells what it does, and asks why. */
export function confirmedAction(action: ConfirmedAction): Html {
  const { label, tone, path, explanation, reason, back, seen, fields = {} } = action;
  const hidden = { back, ...(seen === undefined ? {} : { seen }), ...fields };
  return html`<details class="confirm">
    <summary class="button ${tone ?? ''}">${label}…</summary>
    <form method="post" action="${path}" class="stack">
      <p>${explanation}</p>
      ${Object.entries(hidden).map(
        ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
      )}
      <label
        >${reason === 'required' ? 'Why' : 'Why (optional)'}
        <textarea
          name="reason"
          rows="2"
          maxlength="1000"
          ${reason === 'required' ? 'required' : ''}
        ></textarea>
      </label>
      <button class="button ${tone ?? ''}">${label}</button>
    </form>
  </details>`;
}
