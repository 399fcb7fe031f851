import { html } from 'hono/html';
import type { Edit } from '../../../domain/edit.ts';
import type { Html } from '../console-page.ts';
import { cutText } from '../cut-text.ts';

/** Edits that are named in a line. */
const namedMax = 3;

/** What a change does, in a line: what each edit is for, else the words that it adds or takes away. */
export function changeInWords(edits: readonly Edit[]): Html {
  if (edits.length === 0) return html`nothing`;
  const more = edits.length - namedMax;
  return html`${edits
    .slice(0, namedMax)
    .map((edit, index) => html`${index === 0 ? '' : ' + '}${cutText(purposeOf(edit), 60)}`)}${
    more > 0 ? html` <span class="muted">and ${more} more</span>` : ''
  }`;
}

function purposeOf(edit: Edit): string {
  if (edit.intent.trim() !== '') return edit.intent;
  return `${edit.op} “${'text' in edit && edit.text !== '' ? edit.text : 'find' in edit ? edit.find : ''}”`;
}
