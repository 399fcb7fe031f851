import { html } from 'hono/html';
import type { SeriesView } from '../../api/series.schema.ts';
import type { TaskDetail } from '../../task-view.ts';
import type { Html } from '../console-page.ts';
import { cutText } from '../cut-text.ts';
import { ago, countText, moneyText, nothing, valueText } from '../format.ts';
import { taskHref } from '../hrefs.ts';
import { sparkline } from './sparkline.ts';
import { taskMarks } from './task-head.ts';
import { comparedWithOwn, valueMark } from './task-stats.ts';

/** A task with how it did of late; `null` where that was not looked at. */
export interface ListedTask {
  readonly task: TaskDetail;
  readonly series: SeriesView | null;
}

/** One row a task. */
export function taskList(listed: readonly ListedTask[], nowMs: number): Html {
  return html`<div class="scroll">
    <table class="list tasks" data-rows>
      <caption class="visually-hidden">
        Tasks
      </caption>
      <thead>
        <tr>
          <th scope="col">Task</th>
          <th scope="col" class="number">Value now</th>
          <th scope="col">Against own prompt</th>
          <th scope="col">Reward over time</th>
          <th scope="col" class="number">Feedback</th>
          <th scope="col" class="number">Campaigns</th>
          <th scope="col" class="number">Money today</th>
        </tr>
      </thead>
      <tbody>
        ${listed.map((one) => taskRow(one, nowMs))}
      </tbody>
    </table>
  </div>`;
}

function taskRow({ task, series }: ListedTask, nowMs: number): Html {
  const lastMs = series?.bins.at(-1)?.untilMs;
  return html`<tr>
    <td class="name">
      <a href="${taskHref(task.id)}" data-row><strong>${cutText(task.name)}</strong></a>
      ${taskMarks(task)}
      <div class="muted small">
        ${lastMs === undefined ? html`seen first ${ago(task.createdAtMs, nowMs)}` : html`last request ${ago(lastMs, nowMs)}`}
      </div>
    </td>
    <td class="number"><strong>${valueText(task.value.incumbent)}</strong></td>
    <td>
      ${valueMark(task)}
      <div class="muted small">${comparedWithOwn(task)}</div>
    </td>
    <td>${series === null ? html`<span class="muted">${nothing}</span>` : sparkline(series)}</td>
    <td class="number">${countText(task.feedbacks)}</td>
    <td class="number">
      ${task.openCampaigns === 0 ? html`<span class="muted">0</span>` : `${countText(task.openCampaigns)} open`}
    </td>
    <td class="number">
      ${moneyText(task.spend.today.usd)}
      <div class="muted small">of ${moneyText(task.config.budget.usdPerDay)}</div>
    </td>
  </tr>`;
}
