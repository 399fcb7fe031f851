import { html } from 'hono/html';
import type { CreditReport } from '../../../domain/credit-report.ts';
import type { Edit } from '../../../domain/edit.ts';
import { baselineVariantId } from '../../../domain/variant.ts';
import type { PromptDiff } from '../../api/task.schema.ts';
import type { Html } from '../console-page.ts';
import { countText } from '../format.ts';
import { editList } from './edit-list.ts';
import { markedPrompt, type MarkedPiece } from './marked-prompt.ts';

/** Longest prompt on a page, characters; longer ones are read through the API. */
const promptMax = 60_000;

/** What is known of a variant's prompt. */
export interface ShownPrompt {
  readonly variantId: string;
  readonly prompt: PromptDiff;
  readonly edits: readonly Edit[];
  readonly slots: readonly string[];
  readonly credit: CreditReport | null;
}

/** A prompt with every edit marked, and beside it what each edit is and is worth. */
export function promptWithEdits({ variantId, prompt, edits, slots, credit }: ShownPrompt): Html {
  if (prompt.after === null)
    return html`<p class="notice" data-tone="watch">
        The edits of this variant have no place any more in the prompt that they were written for.
      </p>
      ${editList(edits, credit)}`;
  const text = promptText(markedPrompt(prompt.parts, edits, slots));
  if (variantId === baselineVariantId || edits.length === 0) return text;
  return html`<div class="prompt-and-edits">
    ${text}
    <div>${editList(edits, credit)}</div>
  </div>`;
}

/** A prompt with what was added and taken away, each edit by its number, slots as slots. */
export function promptText(pieces: readonly MarkedPiece[]): Html {
  const length = pieces.reduce((sum, { text }) => sum + text.length, 0);
  let room = promptMax;
  const shown = pieces.flatMap((piece) => {
    const text = piece.text.slice(0, Math.max(0, room)).toWellFormed();
    room -= piece.text.length;
    return text === '' ? [] : [{ ...piece, text }];
  });
  // Browsers leave out a line break with which a `pre` begins, but not one with which a `span` does.
  return html`<div>
    <pre
      class="prompt"
      dir="auto"
      tabindex="0"
      aria-label="The prompt"
    ><span>${shown.map(pieceHtml)}</span></pre>
    ${
      length > promptMax
        ? html`<p class="muted">
            ${countText(length - promptMax)} more characters are not shown here; the API has them.
          </p>`
        : ''
    }
  </div>`;
}

function pieceHtml({ kind, text, edit }: MarkedPiece): Html | string {
  // Marking a line break alone would look like a mistake.
  if (text.trim() === '' && kind !== 'removed') return text;
  const number = edit === null ? '' : html`<sup aria-label="edit ${edit}">${edit}</sup>`;
  switch (kind) {
    case 'same':
      return text;
    case 'slot':
      return html`<span class="slot" title="differs from request to request">${text}</span>`;
    case 'added':
      return html`<ins>${text}</ins>${number}`;
    case 'removed':
      return html`<del>${text}</del>${number}`;
  }
}
