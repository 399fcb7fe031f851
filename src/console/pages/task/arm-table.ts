import { html } from 'hono/html';
import type { Edit } from '../../../domain/edit.ts';
import { planTag } from '../../api/etag.ts';
import type { ArmView, TaskDetail } from '../../task-view.ts';
import { armBadge, badge } from '../badge.ts';
import { confirmedAction } from '../confirmed-action.ts';
import type { Html } from '../console-page.ts';
import { cutText } from '../cut-text.ts';
import { countText, percentText, valueText } from '../format.ts';
import { taskHref, variantHref } from '../hrefs.ts';
import { variantName } from '../variant-name.ts';
import { intervalMark } from './interval-mark.ts';

/** The arms that serve: how much each gets and delivers. */
export function armTable(task: TaskDetail, isOperator: boolean): Html {
  return html`<div class="scroll">
    <table class="list" data-rows>
      <caption class="visually-hidden">
        Arms of plan ${task.planVersion}
      </caption>
      <thead>
        <tr>
          <th scope="col">Arm</th>
          <th scope="col">Status</th>
          <th scope="col" class="number">Traffic</th>
          <th scope="col" class="number">Reward</th>
          <th scope="col">95 % interval</th>
          <th scope="col" class="number">Observations</th>
          ${isOperator ? html`<th scope="col"><span class="visually-hidden">Actions</span></th>` : ''}
        </tr>
      </thead>
      <tbody>
        ${task.armDetails.map((arm) => armRow(arm, task, isOperator))}
      </tbody>
    </table>
  </div>`;
}

function armRow(arm: ArmView, task: TaskDetail, isOperator: boolean): Html {
  const { variantId, status, cap, probability, meanReward, low, high, observations, edits } = arm;
  const isPinned = task.pinnedId === variantId;
  const label =
    low === null || high === null ? 'No feedback yet' : `Between ${valueText(low)} and ${valueText(high)}`;
  return html`<tr>
    <td>
      <a href="${variantHref(task.id, variantId)}" data-row>${cutText(variantName(variantId, edits))}</a>
      <div class="muted small">
        ${edits.length === 0 ? 'as the agent sends it' : cutText(wordsOf(edits), 90)}
      </div>
    </td>
    <td>${armBadge(status)} ${isPinned ? badge('pinned', 'watch') : ''}</td>
    <td class="number">
      ${percentText(probability)}
      <div class="muted small">${cap < 1 ? `at most ${percentText(cap)}` : ''}</div>
    </td>
    <td class="number">${valueText(meanReward)}</td>
    <td>
      ${intervalMark({ mean: meanReward, low, high }, null, label)}
      <div class="muted small">
        ${low === null || high === null ? '' : `${valueText(low)} – ${valueText(high)}`}
      </div>
    </td>
    <td class="number">${countText(observations)}</td>
    ${isOperator ? html`<td class="orders">${isPinned ? '' : pinForm(task, variantId)}</td>` : ''}
  </tr>`;
}

/** What edits bring, or take away. */
function wordsOf(edits: readonly Edit[]): string {
  return edits
    .map((edit) =>
      'text' in edit && edit.text !== '' ? edit.text : 'find' in edit ? `${edit.op} “${edit.find}”` : '',
    )
    .join(' … ');
}

/** Gives an arm all traffic. */
export function pinForm(task: Pick<TaskDetail, 'id' | 'planVersion'>, variantId: string): Html {
  return confirmedAction({
    label: 'Pin',
    path: `${taskHref(task.id)}/pin`,
    back: taskHref(task.id),
    seen: planTag({ version: task.planVersion }),
    fields: { variantId },
    reason: 'optional',
    explanation:
      'All traffic goes to this arm, also that of conversations under way, until it is unpinned. Nothing is learned, tested or promoted meanwhile.',
  });
}
