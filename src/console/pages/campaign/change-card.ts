import { html } from 'hono/html';
import type { Edit } from '../../../domain/edit.ts';
import type { PromptDiff } from '../../api/task.schema.ts';
import type { Html } from '../console-page.ts';
import { cutText } from '../cut-text.ts';
import { promptDiff } from '../prompt-diff.ts';
import { editInWords } from '../task/edit-in-words.ts';

/** What a proposal changes: the prompt that it is built upon before and after, and edit by edit. */
export function changeCard({
  edits,
  fromParent,
  fromOwn,
}: {
  readonly edits: readonly Edit[];
  /** `null`: not known any more, or the parent is the agent's own prompt. */
  readonly fromParent: PromptDiff | null;
  readonly fromOwn: PromptDiff | null;
}): Html {
  const first = fromParent ?? fromOwn;
  return html`<section class="card" aria-labelledby="change-title">
    <header>
      <h2 id="change-title">What it changes</h2>
      <span class="muted"
        >${fromParent === null ? 'against the agent’s own prompt' : 'against the prompt it is built upon'}</span
      >
    </header>
    ${first === null ? html`<p class="muted">The prompt is not known any more.</p>` : promptDiff(first)}
    ${
      fromParent === null || fromOwn === null
        ? ''
        : html`<details>
            <summary>Against the agent’s own prompt</summary>
            ${promptDiff(fromOwn)}
          </details>`
    }
    <details>
      <summary>Edit by edit (${edits.length})</summary>
      <ol class="edits">
        ${edits.map(editItem)}
      </ol>
    </details>
  </section>`;
}

function editItem(edit: Edit): Html {
  return html`<li>
    <p><strong>${cutText(edit.intent === '' ? 'without an intent' : edit.intent, 120)}</strong></p>
    <div class="edit-text">${editInWords(edit)}</div>
  </li>`;
}
