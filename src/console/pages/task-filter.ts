import { html } from 'hono/html';
import type { Html } from './console-page.ts';

/** Tasks that are offered by name; more are found on the page of tasks. */
const optionsMax = 500;

/** A form that keeps a list to one task. Nothing where there is but one. */
export function taskFilter({
  path,
  names,
  task,
  keep,
}: {
  readonly path: string;
  readonly names: ReadonlyMap<string, string>;
  /** Id of the one that is chosen; empty: all. */
  readonly task: string;
  /** Values of the query that stay. */
  readonly keep: Readonly<Record<string, string>>;
}): Html | string {
  if (names.size < 2 && task === '') return '';
  return html`<form class="filters compact" action="${path}">
    ${Object.entries(keep).map(([name, value]) =>
      value === '' ? '' : html`<input type="hidden" name="${name}" value="${value}" />`,
    )}
    ${taskSelect(names, task)}
    <button class="button">Show</button>
  </form>`;
}

/** A choice of one task or all. */
export function taskSelect(names: ReadonlyMap<string, string>, task: string): Html {
  const offered = [...names].slice(0, optionsMax);
  const isKnown = task === '' || offered.some(([id]) => id === task);
  return html`<label
    >Task
    <select name="task">
      <option value="">All tasks</option>
      ${isKnown ? '' : html`<option value="${task}" selected>${names.get(task) ?? task}</option>`}
      ${offered.map(
        ([id, name]) =>
          html`<option value="${id}" ${id === task ? 'selected' : ''}>${name.slice(0, 80)}</option>`,
      )}
    </select></label
  >`;
}
