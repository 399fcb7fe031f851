import { html } from 'hono/html';
import { search } from '../api/search.ts';
import type { SearchHit } from '../api/search.schema.ts';
import { badge, type Tone } from './badge.ts';
import type { ConsolePage, Html } from './console-page.ts';
import { cutText } from './cut-text.ts';
import { campaignHref, decisionHref, taskHref, variantHref, withQuery } from './hrefs.ts';
import { readTaskNames } from './task-names.ts';

/** Finds what has an id or a name; what is found alone is gone to at once. */
export const searchPage: ConsolePage = {
  path: '/console/search',
  show: async ({ ask, query }) => {
    const q = (query['q'] ?? '').trim().slice(0, 4096);
    const { items } = q === '' ? { items: [] } : await ask(search, { query: { q } });
    const [only] = items;
    if (only !== undefined && items.length === 1) return { redirectTo: placeOf(only) };
    return {
      title: 'Search',
      body: html`<div class="head"><h1>Search</h1></div>
        <section class="card" aria-label="Search">
          <form action="/console/search" class="filters">
            <label
              >An id, or a part of a task’s name
              <input type="search" name="q" value="${q}" maxlength="4096" size="48" autocomplete="off"
            /></label>
            <button class="button primary">Search</button>
          </form>
        </section>
        ${items.length === 0 ? nothingFound(q) : hits(items, await readTaskNames(ask))}`,
    };
  },
};

function placeOf({ kind, id, taskId }: SearchHit): string {
  switch (kind) {
    case 'task':
      return taskHref(id);
    case 'campaign':
      return campaignHref(id);
    case 'variant':
      return variantHref(taskId, id);
    case 'decision':
      return decisionHref(id);
    case 'episode':
      return withQuery('/console/decisions', { episode: id });
  }
}

const tones: Readonly<Record<SearchHit['kind'], Tone>> = {
  task: 'good',
  campaign: 'info',
  variant: 'info',
  decision: 'quiet',
  episode: 'quiet',
};

function hits(items: readonly SearchHit[], names: ReadonlyMap<string, string>): Html {
  return html`<section class="card">
    <table class="list" data-rows>
      <caption>
        ${items.length} found
      </caption>
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Name or id</th>
          <th scope="col">Task</th>
        </tr>
      </thead>
      <tbody>
        ${items.map(
          (hit) =>
            html`<tr>
              <td>${badge(hit.kind, tones[hit.kind])}</td>
              <td>
                <a href="${placeOf(hit)}" data-row
                  >${hit.kind === 'task' ? cutText(hit.name ?? hit.id, 80) : html`<code>${cutText(hit.id, 60)}</code>`}</a
                >
                ${hit.kind === 'decision' && hit.name !== null ? html`<small class="muted">${cutText(hit.name, 60)}</small>` : ''}
              </td>
              <td>${cutText(hit.kind === 'task' ? hit.id : (names.get(hit.taskId) ?? hit.taskId), 40)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

function nothingFound(q: string): Html {
  return html`<section class="empty">
    <h2>${q === '' ? 'What can be found' : html`Nothing found for “${cutText(q, 60)}”`}</h2>
    ${q === '' ? '' : html`<p>What can be found:</p>`}
    <ul>
      <li>tasks, by a part of their name or by id</li>
      <li>campaigns and variants, by id</li>
      <li>
        decisions, by id, by what the header <code>x-ratchet-decision</code> said, or by the id of the model’s
        completion or response
      </li>
      <li>conversations, by the id of the episode that your agent gave</li>
    </ul>
    <p class="muted">
      Ids are looked up as they are. By variant, segment, key or time,
      <a href="/console/decisions">search the decisions</a>.
    </p>
  </section>`;
}
