import { html } from 'hono/html';
import { baselineVariantId } from '../../domain/variant.ts';
import { readSeries } from '../api/series.ts';
import { listTasks, readTask } from '../api/tasks.ts';
import type { Ask, ConsolePage, Html } from './console-page.ts';
import { countText, moneyText } from './format.ts';
import { withQuery } from './hrefs.ts';
import { firstSteps, learningIsOff } from './task/first-steps.ts';
import { taskList, type ListedTask } from './task/task-list.ts';

/** Tasks of one page. */
const tasksMax = 50;

/** Tasks whose reward is drawn over time, the first ones of a page, and what it is drawn from. */
const drawnMax = 25;
const drawnFrom = { bins: '24', episodes: '400' };

const orders = { name: 'name', feedbacks: 'most feedback' } as const;

/** All tasks at a glance. */
export const overviewPage: ConsolePage = {
  path: '/console',
  show: async ({ ask, query, nowMs, origin }) => {
    const { name = '', order = 'feedbacks', cursor } = query;
    const asked = {
      limit: String(tasksMax),
      order,
      ...(name && { search: name }),
      ...(cursor && { cursor }),
    };
    const { items, next, learning } = await ask(listTasks, { query: asked });
    const listed = await Promise.all(
      items.map(async ({ id }, index) => readListed(ask, id, index < drawnMax)),
    );
    const isWhole = cursor === undefined && next === null && name === '';
    return {
      title: 'Tasks',
      live: 'all',
      body: html`<div class="head"><h1>Tasks</h1></div>
        ${learning.isOn ? '' : learningIsOff(learning.reason)}
        ${isWhole && items.length < 2 ? '' : filter(name, order)}
        <div id="tasks" data-refresh>
          ${
            items.length > 0
              ? html`${isWhole ? totals(listed) : ''}
                  <section class="card">${taskList(listed, nowMs)}</section>`
              : name === '' && cursor === undefined
                ? firstSteps(origin)
                : nothingFound
          }
        </div>
        ${more({ name, order, cursor }, next)}`,
    };
  },
};

async function readListed(ask: Ask, taskId: string, isDrawn: boolean): Promise<ListedTask> {
  const params = { task: taskId };
  const [task, series] = await Promise.all([
    ask(readTask, { params }),
    isDrawn ? ask(readSeries, { params, query: drawnFrom }) : null,
  ]);
  return { task, series };
}

function filter(name: string, order: string): Html {
  return html`<form class="filters" action="/console">
    <label
      >Name contains
      <input type="search" name="name" value="${name}" maxlength="200" />
    </label>
    <label
      >First
      <select name="order">
        ${Object.entries(orders).map(
          ([value, title]) =>
            html`<option value="${value}" ${value === order ? 'selected' : ''}>${title}</option>`,
        )}
      </select></label
    >
    <button class="button">Show</button>
  </form>`;
}

/** Of all tasks; a sum over a part of them would mislead. */
function totals(listed: readonly ListedTask[]): Html {
  const sum = (valueOf: (one: ListedTask['task']) => number): number =>
    listed.reduce((total, { task }) => total + valueOf(task), 0);
  return html`<dl class="stats">
    <div>
      <dt>Tasks</dt>
      <dd>${countText(listed.length)}</dd>
    </div>
    <div>
      <dt>Better than their own prompt</dt>
      <dd>
        ${countText(sum(({ value, incumbentId }) => (incumbentId !== baselineVariantId && isBetter(value) ? 1 : 0)))}
      </dd>
    </div>
    <div>
      <dt>Feedback</dt>
      <dd>${countText(sum(({ feedbacks }) => feedbacks))}</dd>
    </div>
    <div>
      <dt>Open campaigns</dt>
      <dd>${countText(sum(({ openCampaigns }) => openCampaigns))}</dd>
    </div>
    <div>
      <dt>Money today</dt>
      <dd>${moneyText(sum(({ spend }) => spend.today.usd))}</dd>
    </div>
  </dl>`;
}

function isBetter({ incumbent, baseline }: ListedTask['task']['value']): boolean {
  return incumbent !== null && baseline !== null && incumbent > baseline;
}

const nothingFound: Html = html`<section class="empty">
  <h2>No task of this name</h2>
  <p>Names of tasks come from the agent, or from the first words of its prompt.</p>
  <p><a class="button" href="/console">Show all tasks</a></p>
</section>`;

function more(asked: Readonly<Record<string, string | undefined>>, next: string | null): Html | string {
  const { cursor, ...kept } = asked;
  if (next === null && cursor === undefined) return '';
  const link = (title: string, query: typeof asked): Html =>
    html`<a class="button" href="${withQuery('/console', query)}">${title}</a>`;
  return html`<p class="pager">
    ${cursor === undefined ? '' : link('First tasks', kept)}
    ${next === null ? '' : link('More tasks', { ...kept, cursor: next })}
  </p>`;
}
