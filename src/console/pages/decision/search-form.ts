import { html } from 'hono/html';
import type { Html } from '../console-page.ts';
import { taskSelect } from '../task-filter.ts';

/** What decisions can be searched by. */
export const decisionFields = [
  'id',
  'completion',
  'episode',
  'task',
  'variant',
  'segment',
  'scope',
  'attribution',
  'since',
  'until',
] as const;

/** What is searched for, by field; empty: anything. */
export type DecisionSearch = Readonly<Record<string, string>>;

const attributions = ['drawn', 'pinned', 'unattributed', 'removed'];

/** Fields that are there at once; the others open with a click, or when one of them is used. */
const firstFields: ReadonlySet<string> = new Set(['id', 'episode', 'task']);

/** A form of what decisions can be searched by. */
export function searchForm(path: string, search: DecisionSearch, names: ReadonlyMap<string, string>): Html {
  const isNarrow = decisionFields.some((name) => !firstFields.has(name) && (search[name] ?? '') !== '');
  return html`<form action="${path}">
    <div class="filters">
      ${textField('id', 'Decision', search, 'its id, or x-ratchet-decision')}
      ${textField('episode', 'Episode', search)} ${taskSelect(names, search['task'] ?? '')}
      <button class="button primary">Search</button>
    </div>
    <details ${isNarrow ? 'open' : ''}>
      <summary>More to search by</summary>
      <div class="filters more">
        ${textField('completion', 'Completion or response', search, 'chatcmpl-…')}
        ${textField('variant', 'Variant', search, 'its id, or baseline')}
        ${textField('segment', 'Segment', search)} ${textField('scope', 'Key or credential', search)}
        <label
          >Attribution
          <select name="attribution">
            <option value="">Any</option>
            ${attributions.map(
              (one) =>
                html`<option value="${one}" ${search['attribution'] === one ? 'selected' : ''}>
                  ${one}
                </option>`,
            )}
          </select></label
        >
        ${textField('since', 'After', search, '2026-11-21T12:00Z')}
        ${textField('until', 'Until', search, '2026-11-21T13:00Z')}
      </div>
    </details>
  </form>`;
}

function textField(name: string, title: string, search: DecisionSearch, placeholder = ''): Html {
  return html`<label
    >${title}
    <input
      name="${name}"
      value="${search[name] ?? ''}"
      placeholder="${placeholder}"
      maxlength="4096"
      autocomplete="off"
  /></label>`;
}
