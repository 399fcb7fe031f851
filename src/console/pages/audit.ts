import { html } from 'hono/html';
import type { RecordedAudit } from '../../domain/audit-entry.ts';
import { listAudit } from '../api/logs.ts';
import type { Page } from '../api/page.ts';
import { badge } from './badge.ts';
import { changeText } from './change-text.ts';
import type { ConsolePage, Html } from './console-page.ts';
import { cutText } from './cut-text.ts';
import { ago, nothing } from './format.ts';
import { campaignHref, taskHref, variantHref, withQuery } from './hrefs.ts';
import { pager } from './pager.ts';
import { readNewestChanges, type ToldChange } from './newest-changes.ts';
import { taskFilter } from './task-filter.ts';
import { readTaskNames } from './task-names.ts';

const path = '/console/audit';

/** Changes of one part of the page. */
const changesMax = 40;

/** What people ordered and why, and what changed. */
export const auditPage: ConsolePage = {
  path,
  show: async ({ ask, query: { task = '', cursor = '', before = '' }, nowMs }) => {
    const [names, entries, changes] = await Promise.all([
      readTaskNames(ask),
      ask(listAudit, {
        query: { ...(task === '' ? {} : { task }), ...(cursor === '' ? {} : { cursor }), limit: '40' },
      }),
      readNewestChanges(ask, {
        taskId: task,
        before: /^\d{1,15}$/.test(before) ? Number(before) : null,
        most: changesMax,
      }),
    ]);
    const known = { names, nowMs };
    return {
      title: 'Audit',
      // A page further back stays as it is.
      ...(cursor === '' && before === '' ? { live: task === '' ? 'all' : task } : {}),
      body: html`<div class="head"><h1>Audit</h1></div>
        <div class="toolbar">
          <p class="muted">
            Who ordered what and why, kept for good; and every change that came of it or by itself.
          </p>
          ${taskFilter({ path, names, task, keep: {} })}
        </div>
        <div class="columns" id="audit" data-refresh>
          <section class="card" aria-labelledby="people-title">
            <h2 id="people-title">By people</h2>
            ${entryTable(entries, known)}
            ${
              entries.next === null
                ? ''
                : pager('Older orders', withQuery(path, { task, before, cursor: entries.next }))
            }
          </section>
          <section class="card" aria-labelledby="changes-title">
            <header>
              <h2 id="changes-title">Everything that changed</h2>
              <span class="muted">kept as long as evidence is</span>
            </header>
            ${changeList(changes.items, known)}
            ${
              changes.before === 0
                ? ''
                : pager('Older changes', withQuery(path, { task, cursor, before: String(changes.before) }))
            }
          </section>
        </div>`,
    };
  },
};

/** What both lists are told with. */
interface Known {
  readonly names: ReadonlyMap<string, string>;
  readonly nowMs: number;
}

function entryTable({ items }: Page<RecordedAudit>, known: Known): Html {
  if (items.length === 0)
    return html`<p class="muted">
      Nobody has ordered anything yet. Pausing, pinning, rolling back, proposing, approving, rejecting,
      promoting and forgetting are kept here, from the console, the API and <code>ratchet</code> on a command
      line.
    </p>`;
  return html`<ul class="entries">
    ${items.map((entry) => entryItem(entry, known))}
  </ul>`;
}

function entryItem(entry: RecordedAudit, { names, nowMs }: Known): Html {
  const { actor, action, taskId, before, after, reason, atMs } = entry;
  return html`<li>
    <p>
      <strong>${cutText(actor, 40)}</strong> ${badge(action, actionTones[action] ?? 'quiet')}
      ${subject(entry)}
      <span class="muted">${ago(atMs, nowMs)}</span>
    </p>
    <p class="muted">
      ${taskId === null ? '' : html`<a href="${taskHref(taskId)}">${cutText(names.get(taskId) ?? taskId, 60)}</a>`}
      ${before === null && after === null ? '' : html`<span>${cutText(before ?? nothing, 60)} → ${cutText(after ?? nothing, 60)}</span>`}
    </p>
    ${reason === null ? '' : html`<p>“${cutText(reason, 300)}”</p>`}
  </li>`;
}

const actionTones: Partial<Readonly<Record<RecordedAudit['action'], 'good' | 'bad' | 'watch' | 'info'>>> = {
  approve: 'good',
  promote: 'watch',
  pin: 'watch',
  reject: 'bad',
  'roll-back': 'bad',
  forget: 'bad',
  propose: 'info',
};

const ofCampaigns: ReadonlySet<string> = new Set(['propose', 'approve', 'reject', 'promote']);

function subject({ action, subject: name, taskId }: RecordedAudit): Html {
  const text = html`<code>${cutText(name, 60)}</code>`;
  if (ofCampaigns.has(action)) return html`<a href="${campaignHref(name)}">${text}</a>`;
  if (action === 'pin' && taskId !== null) return html`<a href="${variantHref(taskId, name)}">${text}</a>`;
  return text;
}

function changeList(changes: readonly ToldChange[], { names, nowMs }: Known): Html {
  if (changes.length === 0)
    return html`<p class="muted">Nothing has changed yet, or it is older than the log.</p>`;
  return html`<ul class="changes">
    ${changes.map(
      ({ change, looks }) =>
        html`<li>
          <span>${changeText(change, looks)}</span>
          <span class="muted">
            ${names.size < 2 ? '' : html`${cutText(names.get(change.taskId) ?? change.taskId, 28)} · `}${ago(change.atMs, nowMs)}
          </span>
        </li>`,
    )}
  </ul>`;
}
