import { html } from 'hono/html';
import type { DiffPart, PromptDiff } from '../api/task.schema.ts';
import type { Html } from './console-page.ts';

/** What edits make of a prompt: what they add and take away is marked, slots stand out. */
export function promptDiff({ after, before, parts }: PromptDiff): Html {
  if (after === null)
    return html`<p class="muted">These edits have no place in the prompt any more, which now reads:</p>
      ${prompt(withSlots(before))}`;
  return prompt(html`${parts.map(partOf)}`);
}

/** A prompt as it stands, its slots marked. */
function prompt(content: Html): Html {
  return html`<pre class="prompt" tabindex="0" dir="auto">${content}</pre>`;
}

function partOf({ kind, text }: DiffPart): Html {
  switch (kind) {
    case 'same':
      return withSlots(text);
    case 'added':
      return html`<ins>${withSlots(text)}</ins>`;
    case 'removed':
      return html`<del>${withSlots(text)}</del>`;
  }
}

/** Slots are written `{{name}}`. */
function withSlots(text: string): Html {
  const pieces = text.split(/(\{\{[^{}\n]{1,100}\}\})/);
  return html`${pieces.map((piece, index) => (index % 2 === 1 ? html`<span class="slot">${piece}</span>` : piece))}`;
}
