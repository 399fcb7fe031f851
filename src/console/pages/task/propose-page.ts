import { html } from 'hono/html';
import { planTag } from '../../api/etag.ts';
import { listBaselines, readTask } from '../../api/tasks.ts';
import type { TaskDetail } from '../../task-view.ts';
import type { ConsolePage, Html } from '../console-page.ts';
import { taskHref } from '../hrefs.ts';
import { variantName } from '../variant-name.ts';
import { markedPrompt } from './marked-prompt.ts';
import { promptText } from './prompt-card.ts';
import { taskCrumbs, taskHead } from './task-head.ts';

interface Field {
  readonly name: 'find' | 'after' | 'text';
  readonly label: string;
  readonly isRequired: boolean;
}

const anchor: Field = { name: 'after', label: 'After this phrase (empty: at the end)', isRequired: false };

/** The forms that an edit can have, each with the fields that it takes. */
const forms: readonly {
  readonly op: string;
  readonly title: string;
  readonly fields: readonly Field[];
}[] = [
  {
    op: 'insert',
    title: 'Insert a text',
    fields: [{ name: 'text', label: 'Text to insert', isRequired: true }, anchor],
  },
  {
    op: 'replace',
    title: 'Replace a phrase',
    fields: [
      { name: 'find', label: 'Phrase of the prompt', isRequired: true },
      { name: 'text', label: 'Text in its place', isRequired: true },
    ],
  },
  {
    op: 'delete',
    title: 'Delete a phrase',
    fields: [{ name: 'find', label: 'Phrase of the prompt', isRequired: true }],
  },
  {
    op: 'move',
    title: 'Move a phrase',
    fields: [{ name: 'find', label: 'Phrase of the prompt', isRequired: true }, anchor],
  },
  {
    op: 'add-example',
    title: 'Add a worked example',
    fields: [{ name: 'text', label: 'The example, input and right answer', isRequired: true }],
  },
];

/** Where a person writes an edit, which then goes through the gate like any other. */
export const proposePage: ConsolePage = {
  path: '/console/tasks/:task/propose',
  show: async ({ params, ask, actor }) => {
    const [task, baselines] = await Promise.all([ask(readTask, { params }), ask(listBaselines, { params })]);
    const slots = baselines.items.find(({ isPresent }) => isPresent)?.slots ?? [];
    const isOperator = actor.role === 'operator';
    return {
      title: `Propose an edit of ${task.name.slice(0, 60)}`,
      crumbs: taskCrumbs(task),
      body: html`${taskHead(task, '/propose', isOperator)}
        <p class="lead">
          A proposal of yours is tested like any other: it is screened, replayed against the incumbent on
          recorded requests, and serves only once it has proved itself. It takes one test of the error budget.
        </p>
        <div class="grid">
          <section class="card">
            <h2>The prompt that it changes</h2>
            ${promptText(markedPrompt([{ kind: 'same', text: task.prompt }], [], slots))}
            <p class="muted">
              Phrases are looked up in the fixed text; the first occurrence counts. Places written
              <code>{{name}}</code> are filled in by the agent: an edit may name them, not change them.
            </p>
          </section>
          <section class="card">
            <h2>The edit</h2>
            ${
              isOperator
                ? html`${forms.map((form, index) => editForm(task, form, index === 0))} ${jsonForm(task)}`
                : html`<p class="muted">Proposing needs the role operator.</p>`
            }
          </section>
        </div>`,
    };
  },
};

function editForm(task: TaskDetail, { op, title, fields }: (typeof forms)[number], isOpen: boolean): Html {
  return html`<details name="edit" class="choice" ${isOpen ? 'open' : ''}>
    <summary>${title}</summary>
    <form method="post" action="${taskHref(task.id)}/proposals" class="stack">
      ${hidden(task)}<input type="hidden" name="edits.0.op" value="${op}" />
      ${fields.map(
        ({ name, label, isRequired }) =>
          html`<label
            >${label}
            <textarea
              name="edits.0.${name}"
              rows="${name === 'text' ? 4 : 2}"
              maxlength="100000"
              ${isRequired ? 'required' : ''}
            ></textarea>
          </label>`,
      )}
      <label>What it is for <input name="edits.0.intent" maxlength="200" required /></label>
      ${common(task)}
    </form>
  </details>`;
}

function jsonForm(task: TaskDetail): Html {
  return html`<details name="edit" class="choice">
    <summary>Several edits, as JSON</summary>
    <form method="post" action="${taskHref(task.id)}/proposals" class="stack">
      ${hidden(task)}
      <label
        >Edits, in the order in which they are made
        <textarea name="edits:json" rows="8" required spellcheck="false" placeholder="${example}"></textarea>
      </label>
      ${common(task)}
    </form>
  </details>`;
}

const example = `[{"op": "insert", "text": "Answer with one word.", "intent": "shorter"},
 {"op": "delete", "find": "Take your time.", "intent": "no idle words"}]`;

function hidden({ id, planVersion }: TaskDetail): Html {
  return html`<input type="hidden" name="back" value="${taskHref(id)}" /><input
      type="hidden"
      name="seen"
      value="${planTag({ version: planVersion })}"
    />`;
}

function common({ armDetails, incumbentId }: TaskDetail): Html {
  return html`<label
      >Made to
      <select name="parentId">
        ${armDetails.map(
          ({ variantId, edits, status }) =>
            html`<option value="${variantId}" ${variantId === incumbentId ? 'selected' : ''}>
              ${variantName(variantId, edits)} (${status})
            </option>`,
        )}
      </select></label
    >
    <label>Why <input name="reason" maxlength="1000" placeholder="for the audit log" /></label>
    <button class="button primary">Propose</button>`;
}
