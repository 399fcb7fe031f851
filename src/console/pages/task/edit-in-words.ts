import { html } from 'hono/html';
import type { Edit } from '../../../domain/edit.ts';
import type { Html } from '../console-page.ts';
import { cutText } from '../cut-text.ts';

/** Longest phrase within a sentence, characters. */
const phraseMax = 70;

/** Longest text of an edit that is shown without being asked for, characters. */
const textMax = 280;

/** What an edit does, in a sentence, with the text that it brings. */
export function editInWords(edit: Edit): Html {
  switch (edit.op) {
    case 'insert':
      return html`Insert ${edit.after === undefined ? 'at the end' : html`after ${quoted(edit.after)}`}:
      ${textOf(edit.text)}`;
    case 'replace':
      return html`Replace ${quoted(edit.find)} by: ${textOf(edit.text)}`;
    case 'delete':
      return html`Delete ${quoted(edit.find)}`;
    case 'move':
      return html`Move ${quoted(edit.find)}
      ${edit.after === undefined ? 'to the end' : html`behind ${quoted(edit.after)}`}`;
    case 'add-example':
      return html`Add a worked example: ${textOf(edit.text)}`;
  }
}

function quoted(phrase: string): Html {
  return html`<q class="phrase">${cutText(phrase, phraseMax)}</q>`;
}

function textOf(text: string): Html {
  if (text === '') return html`<span class="muted">nothing</span>`;
  if (text.length <= textMax) return html`<span class="phrase-block" dir="auto">${text}</span>`;
  return html`<span class="phrase-block" dir="auto">${text.slice(0, textMax).toWellFormed()}…</span>
    <details>
      <summary>All ${text.length.toLocaleString('en-US')} characters</summary>
      <pre dir="auto">${text}</pre>
    </details>`;
}
